import { expect, test } from "vitest";
import { uniqueNames } from "./configuration/unique-names.ts";
import { semaphore } from "./semaphore.ts";

test.each([
  [1, 1],
  [3, 3],
  [0, 20],
  [-1, 20],
])("of %d places, %d are taken at once", async (places, most) => {
  const place = semaphore(places);
  let running = 0;
  let seen = 0;
  const order: number[] = [];
  const work = (index: number) =>
    place(async () => {
      order.push(index);
      seen = Math.max(seen, ++running);
      await new Promise(setImmediate);
      running--;
      if (index % 7 === 3) throw new Error("one of them fails");
    });
  await Promise.allSettled(Array.from({ length: 20 }, (_, index) => work(index)));
  expect(seen).toBe(most);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test("builds of one name are told apart", () => {
  expect(uniqueNames(["a", "b", "a", "a", "a (2)"])).toEqual(["a", "b", "a (2)", "a (3)", "a (2) (2)"]);
});
