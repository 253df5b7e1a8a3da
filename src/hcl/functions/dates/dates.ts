import { FunctionFault, type Parameter } from "../../evaluation/scope.ts";
import { NUMBER, objectOf, STRING, type Type } from "../../values/type.ts";
import { numberValue, objectValue, stringValue, type Value } from "../../values/value.ts";
import { define, type FunctionTable, tableOf, textAt, wholeAt } from "../define.ts";
import { formatDate } from "./format-date.ts";
import { parseGoDuration } from "./go-duration.ts";
import { dayNames, monthNames } from "./names.ts";
import { civilOf, epochSeconds, formatTimestamp, parseTimestamp, type Timestamp } from "./timestamp.ts";

const TIMESTAMP: Parameter = { name: "timestamp", type: STRING };

const formatdate = define({
  name: "formatdate",
  doc: "The timestamp in another form: YYYY YY MMMM MMM MM M DD D EEEE EEE hh h HH H AA aa mm m ss s ZZZZZ ZZZZ ZZZ Z, and other text in single quotes.",
  parameters: [
    { name: "format", type: STRING },
    { name: "time", type: STRING },
  ],
  returns: STRING,
  call: (args) => stringValue(formatDate(textAt(args, 0), timestampAt(args, 1))),
});

const timeadd = define({
  name: "timeadd",
  doc: 'The timestamp moved by a duration like "1h30m" or "-10s".',
  parameters: [TIMESTAMP, { name: "duration", type: STRING }],
  returns: STRING,
  call(args) {
    const time = timestampAt(args, 0);
    const duration = parseGoDuration(textAt(args, 1));
    if (duration === undefined) throw new FunctionFault('this is no duration, which looks like "1h30m" or "-10s"', 1);
    return stringValue(formatTimestamp(moved(time, duration)));
  },
});

const timecmp = define({
  name: "timecmp",
  doc: "-1, 0 or 1: whether the first timestamp is before, the same moment as, or after the second.",
  parameters: [
    { name: "timestamp_a", type: STRING },
    { name: "timestamp_b", type: STRING },
  ],
  returns: NUMBER,
  call(args) {
    const [a, b] = [timestampAt(args, 0), timestampAt(args, 1)];
    return numberValue(Math.sign(a.seconds - b.seconds || a.nanoseconds - b.nanoseconds));
  },
});

const PARTS = ["year", "year_day", "day", "month", "weekday", "hour", "minute", "second", "iso_year", "iso_week"];
const NAMES = ["month_name", "weekday_name"];

function partsType(more: Record<string, Type>): Type {
  const entries: [string, Type][] = [
    ...PARTS.map((name): [string, Type] => [name, NUMBER]),
    ...NAMES.map((name): [string, Type] => [name, STRING]),
  ];
  return objectOf({ ...Object.fromEntries(entries), ...more });
}

const rfc3339Parse = define({
  name: "rfc3339_parse",
  doc: "The parts of a timestamp: year, month, month_name, day, weekday, weekday_name, hour, minute, second, unix, year_day, iso_year, iso_week.",
  parameters: [TIMESTAMP],
  returns: partsType({ unix: NUMBER }),
  call(args) {
    const time = parseTimestamp(textAt(args, 0), true);
    if (typeof time === "string") throw new FunctionFault(time, 0);
    return objectValue({ ...partsOf(time), unix: numberValue(time.seconds) });
  },
});

const unixTimestampParse = define({
  name: "unix_timestamp_parse",
  doc: "The parts of the moment so many seconds after the start of 1970, in UTC, as rfc3339_parse gives them, and the timestamp itself as rfc3339.",
  parameters: [{ name: "unix_timestamp", type: NUMBER }],
  returns: partsType({ rfc3339: STRING }),
  call(args) {
    const seconds = wholeAt(args, 0);
    if (Math.abs(seconds) > 253_402_300_799)
      throw new FunctionFault("only moments up to the year 9999 can be written", 0);
    const time = { seconds, nanoseconds: 0, offset: 0 };
    return objectValue({ ...partsOf(time), rfc3339: stringValue(formatTimestamp(time)) });
  },
});

/** Functions on dates and times that need no clock. */
export const dateFunctions: FunctionTable = tableOf([formatdate, timeadd, timecmp, rfc3339Parse, unixTimestampParse]);

function timestampAt(args: readonly Value[], index: number): Timestamp {
  const time = parseTimestamp(textAt(args, index));
  if (typeof time === "string") throw new FunctionFault(time, index);
  return time;
}

function moved(time: Timestamp, nanoseconds: bigint): Timestamp {
  const total = BigInt(time.seconds) * 1_000_000_000n + BigInt(time.nanoseconds) + nanoseconds;
  const rest = ((total % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = Number((total - rest) / 1_000_000_000n);
  if (Math.abs(seconds) > 253_402_300_799)
    throw new FunctionFault("only moments up to the year 9999 can be written", 1);
  return { seconds, nanoseconds: Number(rest), offset: time.offset };
}

function partsOf(time: Timestamp): Record<string, Value> {
  const { year, month, day, hour, minute, second, weekday } = civilOf(time);
  const yearDay = (epochSeconds(year, month, day) - epochSeconds(year, 1, 1)) / 86_400 + 1;
  const iso = isoWeek(year, yearDay, weekday);
  const numbers = {
    year,
    year_day: yearDay,
    day,
    month,
    weekday,
    hour,
    minute,
    second,
    iso_year: iso.year,
    iso_week: iso.week,
  };
  const parts = Object.entries(numbers).map(([name, number]): [string, Value] => [name, numberValue(number)]);
  return {
    ...Object.fromEntries(parts),
    month_name: stringValue(monthNames[month - 1] ?? ""),
    weekday_name: stringValue(dayNames[weekday] ?? ""),
  };
}

/** The week that holds the Thursday nearest to the day, and that Thursday's year. */
function isoWeek(year: number, yearDay: number, weekday: number): { year: number; week: number } {
  const thursday = yearDay + 4 - (weekday || 7);
  if (thursday < 1) {
    const before = daysInYear(year - 1);
    return { year: year - 1, week: Math.ceil((thursday + before) / 7) };
  }
  const days = daysInYear(year);
  return thursday > days ? { year: year + 1, week: 1 } : { year, week: Math.ceil(thursday / 7) };
}

function daysInYear(year: number): number {
  return (epochSeconds(year + 1, 1, 1) - epochSeconds(year, 1, 1)) / 86_400;
}
