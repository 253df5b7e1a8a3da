import { expect, test } from "vitest";
import { Cancelled } from "../../sdk/failure.ts";
import { bounded, DidNotStop } from "./bounded.ts";

const never = () => new Promise<never>(() => {});
const NOT_NOW = new AbortController().signal;

test("work that ends is not disturbed, also after its signal aborted", async () => {
  const stop = new AbortController();
  const work = bounded("work", stop.signal, { grace: 60_000, now: NOT_NOW }, async () => {
    stop.abort(new Cancelled());
    await new Promise(setImmediate);
    return "tidied up";
  });
  expect(await work).toBe("tidied up");
});

test("work that ignores its signal is given up after the grace, and named", async () => {
  const stop = new AbortController();
  const work = bounded('step "Sleep"', stop.signal, { grace: 5, now: NOT_NOW }, never);
  stop.abort(new Cancelled());
  await expect(work).rejects.toThrow(/step "Sleep" did not stop within 0.005 s/);
});

test("the second Ctrl-C ends a long grace", async () => {
  const stop = new AbortController();
  const now = new AbortController();
  const work = bounded("work", stop.signal, { grace: 3_600_000, now: now.signal }, never);
  stop.abort(new Cancelled());
  now.abort();
  await expect(work).rejects.toBeInstanceOf(DidNotStop);
});

test("while something within has limits of its own, the outer wait goes on", async () => {
  const stop = new AbortController();
  let busy = true;
  let givenUp = false;
  const work = bounded("work", stop.signal, { grace: 1, now: NOT_NOW, busy: () => busy }, never).catch(() => {
    givenUp = true;
  });
  stop.abort(new Cancelled());
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(givenUp).toBe(false);
  busy = false;
  await work;
  expect(givenUp).toBe(true);
});

test("what abandoned work throws later harms nobody", async () => {
  const stop = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const work = bounded("work", stop.signal, { grace: 1, now: NOT_NOW }, () => promise);
  stop.abort(new Cancelled());
  await expect(work).rejects.toBeInstanceOf(DidNotStop);
  reject(new Error("late"));
  await new Promise(setImmediate);
});
