"""What stands beside the book: licences, citation, changelog, templates, workflows, hooks before a commit."""

import importlib.util
import re
import textwrap
import tomllib
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import yaml

import nnlib as nn
from nnlib.explore import explorable
from nnlib.ledger.comparison import ClaimFailed
from nnlib.symbolic import letters
from tests.serving import serving

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = [ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml" for name in ("equation", "bug")]
PINNED = re.compile(r"actions/[\w-]+@[0-9a-f]{40}")


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def project():
    return tomllib.loads(text("pyproject.toml"))["project"]


# ---- licences, citation, changelog -------------------------------------------------------------------------


def test_the_citation_has_what_the_format_asks_for_and_the_version_of_the_package():
    citation = yaml.safe_load(text("CITATION.cff"))
    book = citation["preferred-citation"]
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert {"type", "title", "authors"} <= book.keys()
    assert citation["version"] == book["version"] == project()["version"]
    assert citation["license"] == project()["license"] == "BSD-3-Clause"
    assert {author["name"] for author in [*citation["authors"], *book["authors"], *project()["authors"]]} == {
        "The contributors of Backpropagation, Executed"
    }


def test_the_licences_are_whole():
    assert text("LICENSE").startswith("BSD 3-Clause License")
    for clause in (1, 2, 3):
        assert f"\n{clause}. " in text("LICENSE")
    for section in range(1, 9):
        assert f"\nSection {section} – " in text("LICENSE-text")
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in text("LICENSE-text")


def test_the_provenance_counts_the_statements_as_the_ledger_does():
    rows = text("nnlib/ledger/statements.tsv").splitlines()[1:]
    told = dict(re.findall(r"^\| ([MRWH]) \|.*\| (\d+) \|$", text("PROVENANCE.md"), re.M))
    assert {letter: int(count) for letter, count in told.items()} == {
        letter: sum(row.startswith(letter) for row in rows) for letter in "MRWH"
    }


def test_the_changelog_names_the_version_to_come_or_has_it():
    assert "## [Unreleased]" in text("CHANGELOG.md")
    assert project()["version"] in text("CHANGELOG.md")


def test_the_repositorys_address_stands_in_one_place():
    assert list(project()["urls"]) == ["Repository"]
    name = project()["urls"]["Repository"].removeprefix("https://")
    pages = [*ROOT.glob("*.md"), *ROOT.glob("*.cff"), *ROOT.glob("*.yml"), *ROOT.glob("chapters/**/*.md")]
    named = [page for page in [*pages, *(ROOT / ".github").rglob("*.yml")] if name in page.read_text("utf-8")]
    assert named == []


def test_every_file_that_the_pages_of_the_repository_link_to_is_there():
    for page in ROOT.glob("*.md"):
        if page.name != "index.md":
            for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
                assert target.startswith("https://") or (ROOT / target).exists(), f"{page.name}: {target}"


# ---- templates, checks before a commit ---------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_an_issue_form_has_the_fields_that_its_host_asks_for(form):
    data = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= data.keys()
    fields = [field for field in data["body"] if field["type"] != "markdown"]
    assert {field["type"] for field in fields} <= {"input", "textarea", "dropdown", "checkboxes"}
    assert len({field["id"] for field in fields}) == len(fields)
    assert all(field["attributes"]["label"] for field in fields)
    assert all(field["attributes"]["options"] for field in fields if field["type"] == "dropdown")


def test_who_reports_an_equation_is_asked_for_page_claim_and_counterexample():
    fields = [field.get("id") for field in yaml.safe_load(FORMS[0].read_text(encoding="utf-8"))["body"]]
    assert fields[1:] == ["page", "claim", "shown", "expected", "counterexample"]
    assert yaml.safe_load(text(".github/ISSUE_TEMPLATE/config.yml"))["blank_issues_enabled"] is True


def test_what_runs_before_a_commit_is_what_make_test_runs_first():
    lines = re.search(r"^test: .*\n((?:\t.*\n)+)", text("Makefile"), re.M)[1].splitlines()
    first = [line.strip().replace("$(BIN)", ".venv/bin") for line in lines if "pytest" not in line][:3]
    (repo,) = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
    assert repo["repo"] == "local"
    assert [hook["entry"] for hook in repo["hooks"]] == first
    assert all(hook["language"] == "system" and hook["always_run"] for hook in repo["hooks"])


# ---- workflows ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_do_little_and_runs_pinned_actions_only(workflow):
    source = workflow.read_text(encoding="utf-8")
    data = yaml.safe_load(source)
    assert data["permissions"] == {"contents": "read"}
    assert data["concurrency"]["group"]
    used = [step["uses"] for job in data["jobs"].values() for step in job["steps"] if "uses" in step]
    assert all(PINNED.fullmatch(action) for action in used)
    assert len(re.findall(r"uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", source, re.M)) == len(used)
    assert all("timeout-minutes" in job for job in data["jobs"].values())
    assert source.count("persist-credentials: false") == source.count("actions/checkout@")


def test_an_action_has_one_version_in_all_workflows():
    used = {action for path in WORKFLOWS for action in PINNED.findall(path.read_text(encoding="utf-8"))}
    assert len({action.split("@")[0] for action in used}) == len(used)


def test_what_a_job_may_write_is_said_at_the_job():
    may = {
        (path.stem, name): set(job["permissions"])
        for path in WORKFLOWS
        for name, job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].items()
        if "permissions" in job
    }
    assert may == {
        ("publish", "deploy"): {"pages", "id-token"},
        ("publish", "notebooks"): {"actions", "contents"},
        ("weekly", "report"): {"issues"},
    }


def test_the_tests_run_on_the_oldest_python_that_the_package_takes():
    jobs = yaml.safe_load(text(".github/workflows/test.yml"))["jobs"]
    oldest = project()["requires-python"].removeprefix(">=")
    assert all(job["strategy"]["matrix"]["python"][0] == oldest for job in jobs.values())
    assert jobs["elsewhere"]["strategy"]["matrix"]["system"] == ["macos-latest", "windows-latest"]


# ---- the link check of the weekly run ----------------------------------------------------------------------

ANSWERS = {"/fine": 200, "/shut": 403, "/gone": 404}


@pytest.fixture(scope="module")
def links():
    spec = importlib.util.spec_from_file_location("links", ROOT / ".github" / "scripts" / "links.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def host():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(ANSWERS[self.path])
            self.end_headers()

        def log_message(self, *args):
            """Say nothing."""

    with serving(Handler) as address:
        yield address


def test_links_to_other_places_are_gathered_without_their_fragments(links, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.html").write_text('<a href="https://x.test/p#q">x</a><a href="c.html">c</a>')
    (tmp_path / "c.html").write_text('<a href="https://x.test/p">x</a><link href="https://y.test">')
    assert links.gather(tmp_path) == {"https://x.test/p": ["a/b.html", "c.html"]}


def test_only_what_does_not_answer_counts_as_broken(links, host, tmp_path, capsys):
    page = tmp_path / "page.html"
    page.write_text(f'<a href="{host}/fine">1</a><a href="{host}/shut">2</a>')
    assert links.main([str(tmp_path)]) == 0
    assert (
        capsys.readouterr().out == f"shut: {host}/shut (403 Forbidden) on page.html\n2 addresses, 0 broken\n"
    )
    assert links.ask(f"{host}/gone", tries=2, pause=0) == ("broken", "404 Not Found")
    nowhere = "http://127.0.0.1:9/"
    assert links.ask(nowhere, tries=1, pause=0)[0] == "broken"


def test_a_site_without_links_is_no_success(links, tmp_path):
    assert links.main([str(tmp_path)]) == 1


# ---- the recipes for contributors --------------------------------------------------------------------------


def recipe(begin):
    """The block of code in CONTRIBUTING.md that begins with these words, without its fence and its indent."""
    block = re.search(rf"^( *){re.escape(begin)}.*?(?=^ *```)", text("CONTRIBUTING.md"), re.M | re.S)
    return textwrap.dedent(block[0])


def test_the_recipe_of_a_claim_holds_and_its_broken_form_says_what_the_page_quotes():
    formula, claim = recipe("from myst_nb import glue"), recipe("forward = ForwardPass")
    names = {}
    exec(formula, names)
    exec(claim.replace("nn.claim", "made = nn.claim"), names)
    assert names["made"].proof
    exec(formula.replace("2 * partial", "3 * partial"), names)
    with pytest.raises(ClaimFailed) as failure:
        exec(claim, names)
    quoted = re.search(r"ClaimFailed: (claim book\.doubling.*?)\n\n", text("CONTRIBUTING.md"), re.S)[1]
    assert str(failure.value) == " ".join(quoted.split())


def test_the_recipe_of_an_explorable_makes_one(monkeypatch):
    script, asset = recipe("/* A line:"), explorable._asset
    monkeypatch.setattr(explorable, "_asset", lambda name: script if name == "line.js" else asset(name))
    names = {}
    exec(recipe('"""A line:'), names)
    W, b, x, z = letters("W b x z")
    widget = names["line"]([nn.Formula(z, W * x + b)])
    assert widget.outputs == {"z[1]": 0.75}
    assert widget._esm.count("const view = line;") == 1
