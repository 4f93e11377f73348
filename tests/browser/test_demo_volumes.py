"""How much the demo's clients have: most little, a few a lot, as their sizes in the directory say."""

COUNTS = """
SELECT count(r.tenant_id) FROM tenant t LEFT JOIN {table} r ON r.tenant_id = t.id
WHERE t.slug NOT IN ('acme-health', 'borealis-bank') GROUP BY t.id ORDER BY 1
"""


def counts(cluster, database: str, table: str) -> list[int]:
    """How many each of the other clients has, ascending."""
    return [int(line) for line in cluster.psql(COUNTS.format(table=table), database).split()]


def test_volumes_are_skewed(cluster, seeded):
    cases, users = counts(cluster, seeded, '"case"'), counts(cluster, seeded, "client_user")
    assert len(cases) == 141
    median = cases[len(cases) // 2]
    assert median > 0 and cases[-1] >= 5 * median, cases
    assert cases[-1] > 100 and sum(cases[-14:]) > sum(cases[:-14]) / 2, "the largest tenth has a third of all"
    assert users[0] >= 5 and users[-1] >= 4 * users[len(users) // 2], users
    assert 0 < sum(1 for count in counts(cluster, seeded, "employee") if count) < 100


def test_large_clients_have_more_than_small_ones(cluster, seeded):
    means = cluster.psql(
        'SELECT avg(c.cases) FROM tenant t CROSS JOIN LATERAL (SELECT count(*) AS cases FROM "case" '
        "WHERE tenant_id = t.id) c WHERE t.slug NOT IN ('acme-health', 'borealis-bank') "
        "GROUP BY t.employee_count > 1000 ORDER BY 1", seeded)
    small, large = [float(line) for line in means.split()]
    assert large > 3 * small


def test_each_reports_in_its_own_language(cluster, seeded):
    own = cluster.psql(
        "SELECT count(*) FILTER (WHERE r.language = t.default_language), count(*) FILTER (WHERE r.language NOT IN "
        "(t.default_language, 'en')) FROM report r JOIN tenant t ON t.id = r.tenant_id "
        "WHERE t.employee_count <= 2000 AND t.slug NOT IN ('acme-health', 'borealis-bank') "
        "AND t.default_language <> 'en'", seeded)
    spoken, foreign = [int(word) for word in own.strip().split("|")]
    assert spoken > 20 and foreign == 0
