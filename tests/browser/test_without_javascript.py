"""The main job without scripts: every act is a plain form."""

from job import Job, assert_trail


def test_main_job_without_scripts(server, desk, visit):
    visit()
    page = desk.open(scripts=False)
    done = Job(page, lambda page: None).run()
    assert_trail(page, done)
    server.program.assert_intact()


def test_find_a_client_leads_to_the_directory(desk, page_of):
    page = page_of(scripts=False)
    page.goto("/me")
    page.get_by_role("banner").get_by_role("link", name="Find a client").click()
    page.wait_for_url("**/tenants")
