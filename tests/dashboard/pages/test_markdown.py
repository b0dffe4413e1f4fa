from dashboard.pages.explaining import PRIVACY
from dashboard.pages.markdown import html_of
from tests.dashboard.asking import Get


def test_each_form_becomes_its_element_and_what_looks_like_one_stays_text() -> None:
    assert html_of("# A `b` <c>\n\none **two**\n*three* [x](https://x.example/)\n\n- a\n  b\n- c\n") == (
        '<h1 id="a-b-c">A <code>b</code> &lt;c&gt;</h1>\n'
        '<p>one <strong>two</strong>\n<em>three</em> <a href="https://x.example/">x</a></p>\n'
        "<ul>\n<li>a\nb</li>\n<li>c</li>\n</ul>\n"
    )
    assert html_of("```console\n$ x < y\n\n# z\n```\n") == '<pre tabindex="0">$ x &lt; y\n\n# z</pre>\n'
    table = html_of("| k |\n|---|\n| 1 |")
    assert table.startswith('<div class="table" tabindex="0" role="region" aria-label="k">')
    assert '<th scope="col">k</th>' in table
    for link in ("javascript:y", "data:text/html,y", "mailto:y@z.example", "y.md"):
        assert html_of(f"[x]({link})") == f"<p>[x]({link})</p>\n"
    assert "<img" not in html_of("![x](https://x.example/)")


def test_no_mark_of_the_privacy_page_is_left_over() -> None:
    made = html_of(PRIVACY.read_text(encoding="utf-8"))
    assert not [mark for mark in ("**", "`", "|--", "<!--", "\n- ", "\n#") if mark in made]


def test_privacy_is_a_page_of_the_site_and_every_page_leads_to_it(get: Get) -> None:
    page = get("/privacy").text
    assert '<h2 id="how-to-stop">How to stop</h2>' in page
    assert 'aria-label="Main"' in page
    assert "PRIVACY.md" not in get("/").text + get("/take-part").text
    assert 'href="/privacy"' in get("/").text
    assert get("/PRIVACY.md").text == PRIVACY.read_text(encoding="utf-8")
