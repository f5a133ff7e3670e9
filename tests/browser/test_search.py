"""Records on the search page, as readers ask for them: from a folder and from a server, with every device.

The questions are in ``search-questions.yaml``. How many were answered stands at the end of every run.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from clinic_snippets.library import Library
from clinic_snippets.records import Incident

QUESTIONS: dict[str, dict[str, str | list[str]]] = yaml.safe_load(
    Path(__file__).with_name("search-questions.yaml").read_text("utf-8")
)
FIRST, SHARE = 3, 0.9
HITS, STATUS = "ol.clinic-hits > li", "section [role=status]"
ASK = """question => {
  const start = performance.now();
  const { hits } = clinicSearch(question);
  const time = performance.now() - start;
  return [hits.map(({ record }) => clinicRecords.records[record][2].split("#")[1]), time];
}"""
"""Asks the page's own script; each page of its own would take as long as all questions together."""
MOST_WORDS = 8
"""So many words of a question are looked up."""


@pytest.fixture(scope="module")
def library(handbook_library: Library) -> Library:
    return handbook_library


@pytest.fixture(params=["folder", "server"])
def top(request: pytest.FixtureRequest, handbook_site: Any) -> str:
    """The address of the site, as it is opened from a folder and from a server."""
    return Path(handbook_site.root).as_uri() if request.param == "folder" else handbook_site.url.rstrip("/")


@pytest.fixture
def results(browser: Any, handbook_site: Any) -> Iterator[Callable[..., Any]]:
    """A function that opens the answer to a question on a device, from the server."""
    contexts = []

    def opened(question: str, **device: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 390, "height": 844}, **device})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{handbook_site.url}search.html?q={quote(question)}")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def ask(browser: Any, handbook_site: Any) -> Iterator[Callable[[str], list[str]]]:
    """A function that returns the anchors of what the search finds, best first."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{handbook_site.url}search.html?q=faint", wait_until="domcontentloaded")
    yield lambda question: page.evaluate(ASK, question)[0]
    context.close()


def wanted(library: Library, right: str | list[str]) -> set[str]:
    """The anchors of the records that answer a question."""
    return {library.records[identifier].anchor for identifier in ([right] if isinstance(right, str) else right)}


# --- what is found ----------------------------------------------------------------------------------------------------


def test_there_are_questions_enough_and_each_is_about_records_that_exist(library: Library) -> None:
    answers = [right for group in QUESTIONS.values() for right in group.values()]
    assert len(answers) >= 30
    assert all(wanted(library, right) for right in answers)
    asked = {i for right in QUESTIONS["emergencies"].values() for i in ([right] if isinstance(right, str) else right)}
    assert asked == {record.id for record in library.of(Incident)}, "every emergency is asked for, and nothing else"


def test_questions_are_answered_among_the_first_hits(
    top: str, page: Any, library: Library, request: pytest.FixtureRequest, record_property: Any
) -> None:
    page.goto(f"{top}/search.html?q=faint", wait_until="domcontentloaded")
    (first,) = page.evaluate("performance.getEntriesByName('clinic-search').map(entry => entry.duration)")
    missed, urgent, times = [], [], []
    for group, questions in QUESTIONS.items():
        for question, right in questions.items():
            hits, time = page.evaluate(ASK, question)
            times.append(time)
            if not wanted(library, right).intersection(hits[:FIRST]):
                (urgent if group == "emergencies" else missed).append(f"{question}: {hits[:FIRST] or 'nothing'}")
    asked = len(times)
    found = asked - len(missed) - len(urgent)
    record_property(
        "in short",
        f"search from a {request.node.callspec.params['top']}: {found} of {asked} questions answered among the first "
        f"{FIRST} hits ({found / asked:.0%}), missed: {', '.join(urgent + missed) or 'none'}; {len(library)} records, "
        f"{first:.0f} ms until hits stand on the page, {statistics.mean(times):.1f} ms for a question more",
    )
    assert urgent == []
    assert found >= SHARE * asked, missed


def test_the_page_lists_what_the_search_finds(top: str, page: Any, library: Library) -> None:
    for questions in QUESTIONS.values():
        question, right = next(iter(questions.items()))
        page.goto(f"{top}/search.html?q={quote(question)}", wait_until="domcontentloaded")
        listed = page.eval_on_selector_all(f"{HITS} > a", "links => links.map(link => link.hash.slice(1))")
        assert wanted(library, right).intersection(listed[:FIRST])
        assert listed == page.evaluate(ASK, question)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("haematoma", "hematoma"),
        ("lymphoedema", "LYMPHEDEMA"),
        ("tumour", "tumor"),
        ("immunisation", "immunization"),
        ("paediatric", "pediatric"),
        ("bruises", "bruising"),
        ("pregnancy", "prengancy"),
        ("pacemaker", "Pacemaker?"),
        ("runner's knee", "runners knee"),
    ],
)
def test_spelling_makes_no_difference(ask: Callable[[str], list[str]], one: str, other: str) -> None:
    assert ask(one)
    assert ask(one)[:FIRST] == ask(other)[:FIRST]


def test_at_equal_match_an_emergency_comes_first_and_then_what_forbids(results: Callable[..., Any]) -> None:
    words = results("collapsed lung").locator(f"{HITS} .clinic-badge").all_inner_texts()
    assert words[0] == "Emergency"
    assert words.index("Adverse event") < words.index("Consent item")
    assert results("seizure").locator(f"{HITS} .clinic-badge").all_inner_texts()[:2] == ["Emergency", "Precaution"]


def test_what_is_nowhere_is_said_and_leads_to_the_list_of_all(results: Callable[..., Any]) -> None:
    page = results("xqzzk")
    assert page.locator(HITS).count() == 0
    assert "does not mean that needling is safe" in page.locator(STATUS).inner_text()
    page.locator(STATUS).get_by_role("link").click()
    assert page.url.endswith("/records.html")


def test_what_only_begins_alike_is_not_taken_for_it(results: Callable[..., Any]) -> None:
    """Splenius is a muscle of the neck."""
    page = results("spleen")
    assert page.locator(HITS).count() == 0
    assert "No record is called “spleen”" in page.locator(STATUS).inner_text()


def test_a_question_is_shown_as_words_and_never_as_markup(results: Callable[..., Any]) -> None:
    page = results("<img>xqzzk")
    assert page.locator("section img").count() == 0
    assert "“<img>xqzzk”" in page.locator(STATUS).inner_text()


def test_a_question_costs_no_more_than_its_words_times_the_words_of_all_records(results: Callable[..., Any]) -> None:
    page = results("faint")
    known = page.evaluate("clinicSearch('faint').known")
    for questions in QUESTIONS.values():
        for question in questions:
            assert page.evaluate("q => clinicSearch(q).compared", question) <= known, question
    long = " ".join(f"qwertz{letter}iop" for letter in "abcdefghijklmnopqrstuvwxyz")
    assert known < page.evaluate("q => clinicSearch(q).compared", long) + known <= (MOST_WORDS + 1) * known


# --- two taps ---------------------------------------------------------------------------------------------------------


def test_every_emergency_is_two_taps_away_at_most(browser: Any, handbook_site: Any, library: Library) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    for record in library.of(Incident):
        page.goto(f"{handbook_site.url}index.html")
        page.get_by_role("link", name="If something goes wrong", exact=True).tap()
        page.locator(f"main a[href$='#{record.anchor}'], article a[href$='#{record.anchor}']").first.tap()
        top = page.locator(f"#{record.anchor}").bounding_box()["y"]
        assert 0 <= top < 844, record.name
    context.close()


def test_the_start_page_has_a_search_field_that_leads_to_the_answer(browser: Any, handbook_site: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto((Path(handbook_site.root) / "index.html").as_uri())
    field = page.locator("article").get_by_role("searchbox", name="Search the handbook")
    box = field.bounding_box()
    assert box["y"] + box["height"] < 844 and box["height"] >= 44
    field.fill("apixaban")
    field.press("Enter")
    page.locator(f"{HITS} > a").first.click()
    assert page.url.endswith("#precaution-anticoagulants")
    context.close()


# --- how it is shown --------------------------------------------------------------------------------------------------


def test_a_hit_shows_name_level_word_and_action(results: Callable[..., Any], library: Library) -> None:
    page = results("blood thinner")
    hit = page.locator(HITS).first
    assert hit.get_by_role("link").inner_text() == library.records["anticoagulants"].name
    assert hit.locator(".clinic-badge-precaution").inner_text() == "Precaution"
    assert hit.locator("p").inner_text().startswith("Ask which drug")
    assert page.locator(HITS).count() > 1
    emergency = results("punctured lung").locator(HITS).first
    assert emergency.locator(".clinic-badge-emergency").inner_text() == "Emergency"
    assert emergency.locator("p").inner_text().startswith("Stop.")


def test_the_pages_stand_below_under_a_heading_of_their_own(results: Callable[..., Any]) -> None:
    page = results("pneumothorax")
    # Asked until the dots of a search on its way are gone, which come and go.
    expect(page.locator("article :is(h1, h2)")).to_have_text(["Search", "Records", "Pages"])
    assert page.locator(STATUS).inner_text().startswith("Records found: ")


def test_a_guess_is_owned_up_to(results: Callable[..., Any]) -> None:
    assert "pneumothorx" in results("pneumothorx").locator(STATUS).inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("question", ["pneumothorx", "xqzzk"])
def test_axe_finds_nothing_on_results(results: Callable[..., Any], question: str, scheme: str) -> None:
    page = results(question, color_scheme=scheme)
    page.wait_for_timeout(300)
    found = Axe().run(page).response["violations"]
    assert [(v["id"], node["html"][:200]) for v in found for node in v["nodes"]] == []


@pytest.mark.parametrize("width", [320, 390])
def test_results_do_not_scroll_sideways(results: Callable[..., Any], width: int) -> None:
    page = results("pneumothorax", viewport={"width": width, "height": 800})
    page.wait_for_selector("#search-results li")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_reaches_every_hit_and_opens_it(results: Callable[..., Any]) -> None:
    page = results("pneumothorax", viewport={"width": 1280, "height": 900})
    page.locator("article").get_by_role("button", name="Search").focus()
    reached = []
    for _ in range(page.locator(HITS).count()):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent"))
    assert reached == page.locator(f"{HITS} > a").all_inner_texts()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#*")


# --- with less --------------------------------------------------------------------------------------------------------


def test_records_are_found_under_a_policy_that_allows_files_of_the_site_alone(page: Any, handbook_site: Any) -> None:
    def strict(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": "default-src 'self'"})

    page.route("**/*", strict)
    page.goto(f"{handbook_site.url}search.html?q=pneumothorx")
    assert page.locator(HITS).first.locator("a").inner_text() == "Suspected pneumothorax"


def test_from_a_folder_nothing_outside_it_is_asked_for(page: Any, handbook_site: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    root = Path(handbook_site.root).as_uri()
    page.goto(f"{root}/search.html?q=faint")
    assert asked and all(url.startswith((root, "data:")) for url in asked)


def test_without_javascript_the_search_page_leads_to_a_list_of_all_records(
    browser: Any, handbook_site: Any, library: Library
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{handbook_site.url}search.html?q=faint")
    page.locator("article").get_by_role("link", name="Records from A to Z").click()
    page.wait_for_url(lambda url: "search.html" not in url)  # and until the long page is there
    listed = set(page.eval_on_selector_all("article table a", "all => all.map(a => a.hash.slice(1))"))
    context.close()
    assert {record.anchor for record in library.of(Incident)} <= listed
    asked = [right for group in QUESTIONS.values() for right in group.values()]
    assert [right for right in asked if not wanted(library, right) & listed] == []


def test_a_found_page_without_words_stops_nothing(browser: Any, handbook_site: Any) -> None:
    context = browser.new_context()
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    # As a page is that holds no more than tables which a later build fills.
    page.route("**/technique.html", lambda route: route.fulfill(content_type="text/html", body="<p></p>"))
    page.goto(f"{handbook_site.url}search.html?q=needling technique")
    expect(page.locator("#search-results li .context").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    context.close()
    assert errors == []


def test_the_words_of_a_search_are_marked_on_a_page_with_a_drawing(browser: Any, handbook_site: Any) -> None:
    """Sphinx's script fails on a drawing's titles, and then marks nothing behind them."""
    context = browser.new_context()
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{handbook_site.url}hazards-by-region.html?highlight=neck")
    expect(page.locator("table .highlighted").first).to_be_attached()
    assert page.locator("svg title").count() > 5
    assert page.locator("svg title > *").count() == 0
    context.close()
    assert errors == []
