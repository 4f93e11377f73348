"""The main job in a browser, light and dark: each page is accessible, and inside a client it says so in its pixels."""

import pytest
from playwright.sync_api import Page

from job import Job, assert_trail
from look import assert_accessible, assert_frame_in_pixels


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_main_job(server, desk, visit, scheme):
    visit()  # Leaves whatever a test before this one left open.
    framed = []

    def look(page: Page) -> None:
        assert_accessible(page)
        # The overview, the list and a case; every other page is in test_banner_everywhere.
        if page.locator(".access-frame").count() and len(framed) < 4:
            assert_frame_in_pixels(page)
            framed.append(page.url)

    page = desk.open(scheme=scheme)
    done = Job(page, look).run()
    assert len(framed) == 4
    assert_trail(page, done)
    assert_accessible(page)
    server.program.assert_intact()
