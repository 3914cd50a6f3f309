import assert from "node:assert/strict";
import { test } from "node:test";
import { query } from "../src/api/client";
import { waitAfter } from "../src/live/connection";
import { isAboutBackend, isAboutService } from "../src/live/about";
import { closedAs, closedBetween } from "../src/live/closes";
import { Histories } from "../src/live/history";
import { periods } from "../src/live/periods";
import { findProblems, type Known } from "../src/live/problems";
import { between, quantile } from "../src/live/quantiles";
import { STILL } from "../src/live/rates";
import { shares } from "../src/live/shares";
import { link, readRoute } from "../src/routes";
import { filtered, sorted } from "../src/ui/sorting";
import { backend, happened, service, status } from "./samples";

test("percentiles are of what came between two answers", () => {
  const fresh = between([[128, 90], [256, 5]], [[256, 14], [128, 90], [-1, 1]]);
  assert.deepEqual(fresh, [[256, 9], [-1, 1]]);
  assert.equal(quantile(fresh, 0.5), 240); // The middle of 224…256.
  assert.equal(quantile(fresh, 0.99), 2 ** 24);
  assert.equal(quantile([], 0.5), null);
  assert.equal(quantile([[16, 1]], 0.5), 8);
});

test("closes are told apart by what they mean, and unknown ones are failures", () => {
  const closed = { completed: 5, connectRefused: 2, clientReset: 1, brandNew: 1, queueFull: 3 };
  assert.equal(closedAs(closed, "failed"), 3);
  assert.equal(closedAs(closed, "refused"), 3);
  assert.deepEqual(closedBetween({ completed: 5, connectRefused: 1 }, closed), { connectRefused: 1, clientReset: 1, brandNew: 1, queueFull: 3 });
});

test("shares are of new sessions, and due by the weight of now", () => {
  const of = shares([backend({ address: "a", total: 30, effectiveWeight: 3 }), backend({ address: "b", total: 11 })], new Map([["b", 1]]));
  assert.deepEqual(of.get("a"), { got: 0.75, due: 0.75 });
  assert.deepEqual(of.get("b"), { got: 0.25, due: 0.25 });
  assert.deepEqual(shares([backend({ effectiveWeight: 0 })], undefined).get("10.0.0.1:80"), { got: null, due: null });
});

test("names with numbers are in the order that people expect, and what is not known comes last", () => {
  const names = ["web-10", "web-2", "Web-1"];
  assert.deepEqual(sorted(names, (name) => name, false), ["Web-1", "web-2", "web-10"]);
  assert.deepEqual(sorted([3, null, 10, 2], (value) => value, true), [10, 3, 2, null]);
  assert.deepEqual(sorted([3, null, 10, 2], (value) => value, false), [2, 3, 10, null]);
});

test("a filter wants each of its words", () =>
  assert.deepEqual(filtered(["shop/web rr", "shop/api rr", "web lc"], "WEB rr", (row) => row), ["shop/web rr"]));

test("addresses of pages are read as they were written", () => {
  const route = readRoute(link.service("shop", "web", "80/tcp"));
  assert.deepEqual(route.path, ["services", "shop", "web", "80/tcp"]);
  assert.equal(readRoute(link.events({ about: "a b&c" })).query.get("about"), "a b&c");
  assert.deepEqual(readRoute("").path, []);
  assert.deepEqual(readRoute("#/services/%").path, ["services", "%"]);
});

test("a query leaves out what is empty", () => {
  assert.equal(query({ service: "", limit: 5, client: "10.0.0.0/8" }), "?limit=5&client=10.0.0.0%2F8");
  assert.equal(query({ service: "" }), "");
});

test("waits double, to a bound, and differ", () => {
  assert.deepEqual([1, 2, 3, 20].map((failures) => waitAfter(failures, 0.5)), [500, 1000, 2000, 15_000]);
  assert.ok(waitAfter(1, 0) < waitAfter(1, 1));
});

const known = (change: Partial<Known> = {}): Known => ({
  status: status(), rates: STILL, services: [service()], backends: [backend()], listeners: [], pools: null, ...change,
});

test("nothing is wrong with what is well", () => assert.deepEqual(findProblems(known()), []));

test("problems say where they are, the worst first", () => {
  const found = findProblems(known({
    status: status({ configStale: true, active: 960 }),
    services: [service({ backendsUsable: 0 }), service({ name: "api", waiting: 3 })],
    backends: [backend({ health: "down", healthReason: "refused" }), backend({ service: "api", drained: true }), backend({ drained: true })],
    pools: { items: [], leader: null, pending: [{ namespace: "shop", name: "new", reason: "NoPool", message: "there is no pool" }] },
  }));
  assert.deepEqual(found.map(({ severity, what }) => [severity, what]), [
    ["bad", "Near the limit of sessions"],
    ["bad", "shop/web:http serves nobody"],
    ["warn", "The configuration is stale"],
    ["warn", "shop/api:http has clients waiting"],
    ["warn", "10.0.0.1:80 of shop/web:http is down"],
    ["warn", "shop/new waits for an address"],
    ["note", "10.0.0.1:80 of shop/api:http is drained"],
  ]);
});

test("an event is about a backend, and not about one whose address begins so", () => {
  const named = happened(1, { about: { backend: "10.0.0.1:80", service: "shop/web:http" } });
  const acted = happened(2, { about: { target: "backend 10.0.0.1:80 of shop/web:http, shop/web:https" } });
  for (const event of [named, acted]) {
    assert.ok(isAboutBackend(event, backend()));
    assert.ok(!isAboutBackend(event, backend({ address: "10.0.0.1:8" })));
    assert.ok(!isAboutBackend(event, backend({ service: "we" })));
    assert.ok(isAboutService(event, "shop", "web"));
  }
});

test("the history of health has no gaps", () => {
  const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  const told = [happened(2, { code: 601, time: at(40) }), happened(1, { code: 600, time: at(10), about: { reason: "refused" } }), happened(3, { code: 700 })];
  const found = periods(told, backend(), at(0), Date.parse(at(60)));
  assert.deepEqual(found.map(({ word, from, to, why }) => [word, from - Date.parse(at(0)), to - Date.parse(at(0)), why]), [
    ["up", 0, 10_000, ""], ["down", 10_000, 40_000, "refused"], ["up", 40_000, 60_000, ""],
  ]);
  assert.deepEqual(periods([], backend({ health: "unchecked" }), at(0), Date.parse(at(5))).map((period) => period.word), ["unchecked"]);
});

test("histories are bounded, and those that are looked at stay", () => {
  const histories = new Histories();
  for (let i = 0; i < 500; i++) histories.offer(`s${i}`);
  assert.equal([...histories.entries()].length, 200);
  const looked = histories.of("s499");
  histories.of("s1000");
  assert.equal([...histories.entries()].length, 200);
  assert.equal(histories.of("s499"), looked);
});
