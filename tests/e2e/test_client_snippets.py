"""The client snippets of the published page run against us with the host replaced.

Three need one small repair each, as published they run nowhere: Go leaves out the third argument of `http.NewRequest`
(`nil` is put there), Ruby calls `request.basic_auth` on a variable named `req`, JavaScript uses a `base64` that no
runtime has (`btoa` stands for it). Go is also given the `package main` around the lines. Where a file is answered, the
line that reads JSON prints the status instead. The Rust snippet needs crates of a registry and is left out.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.office import PASSWORD, Office

RUNS_WITHIN_S = 280  # the first Go program of a machine compiles the standard library
WEEK = {"report_type": "detailed", "start_date": "2026-01-05", "end_date": "2026-01-11"}
FILES = {".csv": b"\xef\xbb\xbf", ".xlsx": b"PK", "/pdf": b"%PDF"}

CURL = """
curl -sS -X POST {url} \\
-H "Content-Type: application/json" \\
-u {email}:{password}
"""

GO = """
package main

import (
	"fmt"
	"io/ioutil"
	"net/http"
)

func main() {{
	req, err := http.NewRequest(http.MethodPost,
		"{url}", nil)
	if err != nil {{
		print(err)
	}}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.SetBasicAuth("{email}", "{password}")
	client := &http.Client{{}}
	resp, err := client.Do(req)
	if err != nil {{
		print(err)
	}}
	defer resp.Body.Close()
	body, err := ioutil.ReadAll(resp.Body)
	if err != nil {{
		print(err)
	}}
	fmt.Print(string(body))
}}
"""

RUBY = """
require 'net/http'
require 'uri'
require 'json'
uri = URI('{url}')
http = Net::HTTP.new(uri.host, uri.port)
req = Net::HTTP::Post.new(uri.path)
req['Content-Type'] = "application/json"
req.basic_auth '{email}', '{password}'
res = http.request(req)
"""

JAVASCRIPT = """
fetch("{url}", {{
method: "POST",
headers: {{
"Content-Type": "application/json",
"Authorization": `Basic ${{btoa("{email}:{password}")}}`
}},
}})
"""

PYTHON = """
import requests
from base64 import b64encode
data = requests.post('{url}', headers={{'content-type': 'application/json', 'Authorization' : 'Basic %s' % \
b64encode(b"{email}:{password}").decode("ascii")}})
"""

READS_JSON = {
    "ruby": "puts JSON.generate(JSON.parse(res.body))",
    "node": ".then((resp) => resp.json()).then((json) => { console.log(JSON.stringify(json)); })"
    ".catch(err => console.error(err));",
    "python": "import json; print(json.dumps(data.json()))",
}
READS_BYTES = {
    "ruby": "$stdout.binmode; $stdout.write(res.body)",
    "node": ".then((resp) => resp.arrayBuffer()).then((body) => { process.stdout.write(Buffer.from(body)); })"
    ".catch(err => console.error(err));",
    "python": "import sys; sys.stdout.buffer.write(data.content)",
}


def run(*command: str | Path) -> bytes:
    """Run a client and return what it printed."""
    done = subprocess.run(command, capture_output=True, timeout=RUNS_WITHIN_S, check=False)
    assert (0, b"") == (done.returncode, done.stderr), done.stderr
    return done.stdout


def curl(program: str, _: str, folder: Path) -> bytes:
    """Run the lines in a shell."""
    return run("sh", _written(folder / "snippet.sh", program))


def go(program: str, _: str, folder: Path) -> bytes:
    """Compile and run the program."""
    return run("go", "run", _written(folder / "snippet.go", program))


def interpreted(name: str, program: str) -> Callable[[str, str, Path], bytes]:
    """Return a way to run the lines with what reads the answer below them."""

    def start(lines: str, tail: str, folder: Path) -> bytes:
        reader = READS_BYTES[name] if tail else READS_JSON[name]
        return run(program, _written(folder / "snippet", lines + reader))

    return start


CLIENTS = {
    "curl": (CURL, curl),
    "go": (GO, go),
    "ruby": (RUBY, interpreted("ruby", "ruby")),
    "node": (JAVASCRIPT, interpreted("node", "node")),
    "python": (PYTHON, interpreted("python", sys.executable)),
}


@pytest.mark.parametrize("tail", ["", *FILES])
@pytest.mark.parametrize("client", CLIENTS)
def test_the_published_snippets_run(office: Office, tmp_path: Path, client: str, tail: str) -> None:
    """A private report is had with email and password in each language, as JSON and as each file."""
    if client != "python" and shutil.which(client) is None:
        pytest.skip(f"{client} is not installed here")
    token = office.save(WEEK)
    snippet, start = CLIENTS[client]
    url = f"{office.base}/reports/api/v3/shared/{token}{tail}"

    answer = start(snippet.format(url=url, email=office.ann.login, password=PASSWORD), tail, tmp_path)

    if tail:
        assert answer.startswith(FILES[tail])
    else:
        assert "detailed" == json.loads(answer)["report_type"]


def _written(file: Path, text: str) -> Path:
    file.write_text(text.strip() + "\n", encoding="utf-8")
    return file
