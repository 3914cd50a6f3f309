import assert from "node:assert/strict";
import { test } from "node:test";
import { State } from "../src/live/state";
import { backend, happened, service, status } from "./samples";

const begun = (): State => {
  const state = new State();
  state.begin();
  return state;
};

test("rates are of the time between two ticks", () => {
  const state = begun();
  state.apply("status", status({ accepted: 100 }), 10_000);
  state.apply("services", [service({ total: 100 })], 10_000);
  state.apply("backends", [backend({ total: 100 })], 10_000);
  state.apply("status", status({ accepted: 150 }), 12_000);
  state.apply("services", [service({ total: 150 })], 12_000);
  state.apply("backends", [backend({ total: 150 })], 12_000);
  assert.equal(state.rates.sessions, 25);
  assert.equal(state.ratesOf(service()).sessions, 25);
  assert.equal(state.backendRatesOf(backend()).sessions, 25);
});

test("what is not told of in a tick was still", () => {
  const state = begun();
  for (const [at, total] of [[0, 0], [1000, 5]] as const) {
    state.apply("status", status(), at);
    state.apply("services", [service({ total })], at);
  }
  assert.equal(state.ratesOf(service()).sessions, 5);
  state.apply("status", status(), 2000);
  assert.equal(state.ratesOf(service()).sessions, 0);
  assert.equal(state.services.size, 1);
});

test("what is gone is dropped by its key", () => {
  const state = begun();
  state.apply("status", status(), 0);
  state.apply("services", [service(), service({ name: "api" })], 0);
  state.apply("backends", [backend(), backend({ address: "[::1]:80" })], 0);
  state.apply("services-gone", ["shop/api:http"], 1);
  state.apply("backends-gone", ["shop/web:http [::1]:80"], 1);
  assert.deepEqual([...state.services.keys()], ["shop/web:http"]);
  assert.deepEqual([...state.backends.keys()], ["shop/web:http 10.0.0.1:80"]);
});

test("a new stream replaces what was known, and what was known stays until then", () => {
  const state = begun();
  state.apply("status", status(), 0);
  state.apply("services", [service(), service({ name: "api" })], 0);
  state.begin();
  assert.equal(state.services.size, 2);
  state.apply("status", status(), 9000);
  state.apply("services", [service()], 9000);
  assert.deepEqual([...state.services.keys()], ["shop/web:http"]);
});

test("a new stream that tells of nothing leaves nothing", () => {
  const state = begun();
  state.apply("status", status(), 0);
  state.apply("services", [service()], 0);
  state.begin();
  state.apply("status", status({ services: 0 }), 9000);
  state.apply("status", status({ services: 0 }), 10_000);
  assert.equal(state.services.size, 0);
});

test("a process that began anew has no rates at first, and its events are its own", () => {
  const state = begun();
  state.apply("status", status({ accepted: 1000 }), 0);
  state.apply("status", status({ accepted: 2000 }), 1000);
  state.addEvents([happened(7)]);
  state.begin();
  state.apply("status", status({ accepted: 5, started: "2026-01-02T00:00:00Z" }), 2000);
  assert.equal(state.rates.sessions, 0);
  assert.deepEqual(state.events, []);
});

test("events come once, in their order", () => {
  const state = begun();
  state.addEvents([happened(3), happened(1)]);
  state.apply("event", happened(2), 0);
  state.addEvents([happened(2), happened(3)]);
  assert.deepEqual(state.events.map((event) => event.id), [1, 2, 3]);
});

test("history is kept of each tick", () => {
  const state = begun();
  for (let tick = 0; tick < 700; tick++) {
    state.apply("status", status({ accepted: tick * 10, active: tick }), tick * 1000);
    state.apply("services", [service({ total: tick * 10 })], tick * 1000);
  }
  const points = state.history.list();
  assert.equal(points.length, 600);
  assert.equal(points.at(-1)?.active, 698);
  assert.ok(points.every((point) => point.sessions === 10));
  assert.equal(state.histories.of("shop/web:http").list().at(-1)?.sessions, 10);
  assert.equal(state.history.since(699_000, 60_000)?.at, 640_000);
});
