// The clients of `make load`, played by k6. PLAN names a file with the gateway, the time, and what there is to ask for;
// SUMMARY names the file that takes the counts and times.
import http from "k6/http";
import { sleep } from "k6";
import { Counter, Trend } from "k6/metrics";
import exec from "k6/execution";

const plan = JSON.parse(open(__ENV.PLAN));

// Classes of answers: as asked; documented refusals (too many at once, still in the making); and what must not be.
const KINDS = ["ok", "too_many", "not_ready", "wrong", "server_error", "broken"];
const FORMATS = ["json", "csv", "xlsx", "xls", "pdf"];
const SAVED_AS = ["json", "csv", "xlsx", "pdf"];
const ROUTES = ["generate", "status", "list", "retrieve", "delete"]
  .concat(FORMATS.map((format) => `download_${format}`))
  .concat(SAVED_AS.map((format) => `shared_${format}`));

const POLL_S = [0.5, 1]; // between two looks at a report in the making
const THINK_S = [5, 15]; // between two other things that a client does
const READERS = 0.2; // of all clients read saved reports, the others ask for reports of their own
const IMPATIENT = 0.1; // of all reports are fetched before they are made, or asked for six at once
const MOST_AT_ONCE = 6; // one more than an account may have in the making
const KEPT = 0.5; // of all reports

const seen = new Map();
const took = new Map();
for (const route of ROUTES) {
  took.set(route, new Trend(`${route}__ms`, true));
  for (const kind of KINDS) seen.set(`${route}__${kind}`, new Counter(`${route}__${kind}`));
}
const made = new Counter("reports_made");

export const options = {
  discardResponseBodies: true,
  summaryTrendStats: ["count", "med", "p(99)", "max"],
  scenarios: {
    clients: { executor: "constant-vus", vus: plan.clients, duration: `${plan.seconds}s`, gracefulStop: "60s" },
  },
};

export default function () {
  if (exec.vu.iterationInScenario === 0) pause([0, THINK_S[1]]); // people do not come all at once
  if (exec.vu.idInTest % 10 < READERS * 10) readShared();
  else askForReport(plan.fleets[exec.vu.idInTest % plan.fleets.length]);
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data) };
}

function askForReport(fleet) {
  const greedy = Math.random() < IMPATIENT / MOST_AT_ONCE ? MOST_AT_ONCE : 1;
  const asked = [];
  for (let number = 0; number < greedy; number++) {
    const answer = tracker("generate", "generate", { ...wish(fleet), hash: fleet.hash });
    if (answer.status === 200) asked.push({ hash: fleet.hash, report_id: answer.json("id") });
  }
  for (const report of asked) {
    if (Math.random() < IMPATIENT) tracker("retrieve", "retrieve", report);
    if (!isMade(report)) return;
  }
  for (const report of asked) {
    tracker("list", "list", { hash: fleet.hash });
    tracker("retrieve", "retrieve", report);
    for (let downloads = 1 + Math.floor(Math.random() * 3); downloads > 0 && pause(THINK_S); downloads--) {
      const format = one(FORMATS);
      tracker(`download_${format}`, "download", { ...report, format });
    }
    if (Math.random() >= KEPT) tracker("delete", "delete", report);
  }
  pause(THINK_S);
}

function readShared() {
  const token = one(plan.saved);
  const format = one(SAVED_AS);
  const url = `${plan.gateway}/reports/api/v3/shared/${token}${format === "json" ? "" : `.${format}`}`;
  note(`shared_${format}`, http.post(url, null, { tags: { name: `shared_${format}` } }));
  pause(THINK_S);
}

function wish(fleet) {
  const trackers = fleet.trackers.slice(0, 1 + Math.floor(Math.random() * fleet.trackers.length));
  const last = new Date(Date.parse(plan.first_day) + Math.floor(Math.random() * plan.days) * 86400000);
  return {
    trackers,
    from: `${plan.first_day} 00:00:00`,
    to: `${last.toISOString().slice(0, 10)} 23:59:59`,
    plugin: { plugin_id: one([4, 4, 6]), hide_empty_tabs: true },
  };
}

function isMade(report) {
  while (pause(POLL_S)) {
    const answer = tracker("status", "status", report);
    if (answer.status === 200 && answer.json("percent_ready") === 100) {
      made.add(1);
      return true;
    }
  }
  return false;
}

function tracker(route, action, body) {
  const answer = http.post(`${plan.gateway}/report/tracker/${action}`, JSON.stringify(body), {
    headers: { "Content-Type": "application/json" },
    responseType: action === "download" ? "none" : "text",
    tags: { name: route },
  });
  note(route, answer);
  return answer;
}

function note(route, answer) {
  seen.get(`${route}__${kindOf(answer)}`).add(1);
  if (answer.status === 200) took.get(route).add(answer.timings.duration);
}

function kindOf(answer) {
  if (answer.status === 0 || (answer.status === 200 && answer.error_code)) return "broken"; // also: cut off
  if (answer.status === 200) return "ok";
  if (answer.status === 429) return answer.headers["Retry-After"] ? "too_many" : "wrong";
  if (answer.status >= 500) return "server_error";
  return answer.status === 404 && answer.body && answer.json("status.code") === 229 ? "not_ready" : "wrong";
}

function one(choices) {
  return choices[Math.floor(Math.random() * choices.length)];
}

// Wait for some time between the bounds, but not past the end; say whether there is time left.
function pause([least, most]) {
  const left = exec.scenario.startTime / 1000 + plan.seconds - Date.now() / 1000;
  sleep(Math.max(0, Math.min(least + Math.random() * (most - least), left)));
  return Date.now() / 1000 < exec.scenario.startTime / 1000 + plan.seconds;
}
