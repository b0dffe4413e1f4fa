"""What could be installed on a day: releases, and the packages of each series."""
