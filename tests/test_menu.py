"""The main menu: every page of a role under a few headings, in one row."""

from collections.abc import Callable
from html.parser import HTMLParser

from flask.testing import FlaskClient

from tests.conftest import House
from trace.accounts import Person

SignIn = Callable[[Person], FlaskClient]


class _Menu(HTMLParser):
    """The links of each main menu of a page, and those marked as current."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.menus: list[list[str]] = []
        self.current: list[str] = []
        self.headings = 0
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag == "nav" and "nav-main" in (about.get("class") or ""):
            self._inside = True
            self.menus.append([])
        elif self._inside and tag == "summary":
            self.headings += 1
        elif self._inside and tag == "a":
            self.menus[-1].append(about["href"] or "")
            if "aria-current" in about:
                self.current.append(about["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "nav":
            self._inside = False


def test_every_link_of_every_menu_opens_a_page_that_the_menu_marks_as_current(
    house: House, staff: dict[str, Person], sign_in: SignIn
) -> None:
    for person in (house.manager, house.member, *staff.values()):
        browser = sign_in(person)
        menu = _Menu(browser.get("/home", follow_redirects=True).text)
        desk, phone = sorted(menu.menus, key=len)
        assert set(desk) == set(phone)
        assert len(set(desk)) == len(desk) >= 5
        for address in desk:
            page = browser.get(address)
            assert page.status_code == 200, address
            assert set(_Menu(page.text).current) == {address}


def test_a_menu_offers_nothing_that_is_closed_to_the_one_who_asks(house: House, sign_in: SignIn) -> None:
    ours = {role: _Menu(sign_in(who).get("/my").text) for role, who in (("a", house.manager), ("b", house.member))}

    assert set(ours["a"].menus[0]) - set(ours["b"].menus[0]) == {"/my/people", "/my/export"}
    assert ours["a"].headings <= 6  # what fits one row of a desk of 1366 px


def test_a_strangers_pages_have_no_menu(client: FlaskClient) -> None:
    assert _Menu(client.get("/sign-in").text).menus == []
