/** A moment as it was written: seconds since 1970 in UTC, the rest in nanoseconds, and the distance from UTC in minutes. */
export interface Timestamp {
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly offset: number;
}

/** Date and clock of a timestamp at the place of its offset. */
export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

const STRICT = /^(\d{4})-(\d\d)-(\d\d)(.)(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:(Z)|([+-])(\d\d):(\d\d))$/;

/** Reads RFC 3339; says in words what is wrong with what is none. `spaced`: a space may stand for the T. */
export function parseTimestamp(text: string, spaced = false): Timestamp | string {
  const match = STRICT.exec(text);
  const form = "2006-01-31T23:59:59Z";
  if (!match) return `${JSON.stringify(text)} is no timestamp of RFC 3339, which looks like ${form}`;
  const [year, month, day, , hour, minute, second] = match.slice(1, 8).map(Number) as [
    ...[number, number, number, number],
    ...[number, number, number],
  ];
  const separator = match[4];
  if (separator !== "T" && !(spaced && separator === " "))
    return `a T is required between date and time, as in ${form}`;
  const [offsetHours, offsetMinutes] = [Number(match[11] ?? 0), Number(match[12] ?? 0)];
  const wrong = [
    [month >= 1 && month <= 12, "month"],
    [day >= 1 && day <= daysOf(year, month), "day"],
    [hour <= 23, "hour"],
    [minute <= 59, "minute"],
    [second <= 59, "second"],
    [offsetHours <= 23 && offsetMinutes <= 59, "distance from UTC"],
  ].find(([fits]) => !fits);
  if (wrong) return `${JSON.stringify(text)} is no timestamp: there is no such ${wrong[1]}`;
  const offset = (match[10] === "-" ? -1 : 1) * (offsetHours * 60 + offsetMinutes);
  const nanoseconds = Number((match[8] ?? "").slice(0, 9).padEnd(9, "0"));
  return { seconds: epochSeconds(year, month, day, hour, minute, second) - offset * 60, nanoseconds, offset };
}

/** Reads the forms that YAML allows besides: only a date, digits left out, a space and no place. */
export function parseLooseTimestamp(text: string): Timestamp | undefined {
  const match =
    /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt](\d\d?):(\d\d?):(\d\d?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d))| (\d\d?):(\d\d?):(\d\d?)(?:\.(\d{1,9}))?)?$/.exec(
      text,
    );
  if (!match) return undefined;
  const two = (part: string | undefined) => (part ?? "0").padStart(2, "0");
  const [year, month, day] = match.slice(1, 4);
  const clock = [match[4] ?? match[9], match[5] ?? match[10], match[6] ?? match[11]].map(two).join(":");
  const strict = parseTimestamp(`${year}-${two(month)}-${two(day)}T${clock}${match[8] ?? "Z"}`);
  return typeof strict === "string" ? undefined : strict;
}

/** RFC 3339 without fractions of seconds. */
export function formatTimestamp(time: Timestamp): string {
  const { year, month, day, hour, minute, second } = civilOf(time);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${zoneText(time.offset, ":", "Z")}`;
}

/** `+02:00`, `-0330`; for UTC itself the given text, where there is one. */
export function zoneText(offset: number, separator: string, utc?: string): string {
  if (offset === 0 && utc !== undefined) return utc;
  const size = Math.abs(offset);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${separator}${two(size % 60)}`;
}

export function civilOf(time: Timestamp): Civil {
  const date = new Date((time.seconds + time.offset * 60) * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
  };
}

/** Seconds since 1970 in UTC; years below 100 are meant as they are. */
export function epochSeconds(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
  const date = new Date(Date.UTC(2000, month - 1, day, hour, minute, second));
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / 1000;
}

function daysOf(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return isLeap ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
