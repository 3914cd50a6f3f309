import assert from "node:assert/strict";
import { test } from "node:test";
import { MessageReader } from "../src/api/sse";

const stream = 'event: status\ndata: {"a":1}\n\n: a comment\nevent: services\ndata: [1,\ndata: 2]\n\ndata: plain\n\n';
const messages = [
  { event: "status", data: '{"a":1}' },
  { event: "services", data: "[1,\n2]" },
  { event: "message", data: "plain" },
];

test("a stream in one piece", () => assert.deepEqual(new MessageReader().read(stream), messages));

test("a stream in any two pieces", () => {
  for (let cut = 0; cut <= stream.length; cut++) {
    const reader = new MessageReader();
    assert.deepEqual([...reader.read(stream.slice(0, cut)), ...reader.read(stream.slice(cut))], messages);
  }
});

test("a stream letter by letter", () => {
  const reader = new MessageReader();
  assert.deepEqual([...stream].flatMap((letter) => reader.read(letter)), messages);
});

test("what is not complete is not told", () => assert.deepEqual(new MessageReader().read("event: status\ndata: 1\n"), []));

test("a line of megabytes in small pieces takes no time", () => {
  const reader = new MessageReader();
  const piece = "x".repeat(1000);
  const began = performance.now();
  reader.read("data: ");
  for (let i = 0; i < 20_000; i++) assert.deepEqual(reader.read(piece), []);
  assert.equal(reader.read("\n\n")[0]?.data.length, 20_000_000);
  assert.ok(performance.now() - began < 5000);
});
