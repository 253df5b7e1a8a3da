import { expect, test } from "vitest";
import { formatGoTime, RFC3339 } from "./go-time.ts";

const morning = new Date("2026-03-01T05:04:07.090Z");
const night = new Date("2024-12-31T23:59:59.123Z");

// The expectations are Go's.
test.each([
  [morning, RFC3339, "2026-03-01T05:04:07Z"],
  [morning, "Mon Jan _2 15:04:05 2006", "Sun Mar  1 05:04:07 2026"],
  [morning, "Monday, 2-January-06 3:4:5 pm PM MST", "Sunday, 1-March-26 5:4:7 am AM UTC"],
  [morning, "__2 002 1 01 03 _2006", " 60 060 3 03 05 _2026"],
  [morning, "05.000 05,000000 05.999 05.0 05.00005x .0001", "07.090 07,090000 07.09 07.0 07.00007x .0003"],
  [morning, "-0700 -07:00 -07 -070000 -07:00:00 Z0700 Z07:00:00", "+0000 +00:00 +00 +000000 +00:00:00 Z Z"],
  [morning, "January Janus Monte MonX 0 00 20 é", "March Janus Monte SunX 0 00 10 é"],
  [night, "3PM 15h 002 06 05.999999", "11PM 23h 366 24 59.123"],
  [new Date("0009-01-01T00:00:00.000Z"), "2006 06 03 .999", "0009 09 12 "],
])("%o as %s", (date, layout, text) => {
  expect(formatGoTime(date, layout)).toBe(text);
});
