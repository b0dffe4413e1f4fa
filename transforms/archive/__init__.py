"""The archive: every edition as files that anybody can read, each written once and never changed."""
