import { isUtf8 } from "node:buffer";
import { mapOf, NUMBER, objectOf, STRING } from "../../../hcl/values/type.ts";
import { mapValue, numberValue, objectValue, stringValue, type Value } from "../../../hcl/values/value.ts";
import { defineDataSource } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { fields } from "./fields.ts";
import { requestWithRetries } from "./request-with-retries.ts";
import { shownUrl } from "./shown-url.ts";

export const http = defineDataSource({
  name: "http",
  doc: "Asks a web server, and gives its answer.",
  fields,
  output: objectOf({
    url: STRING,
    body: STRING,
    // Packer's name for the headers of the answer.
    request_headers: mapOf(STRING),
    response_headers: mapOf(STRING),
    status_code: NUMBER,
  }),
  check(config, problems) {
    const { url } = config;
    if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
      problems.error("url", "Invalid URL", "It must be an absolute URL that begins with http:// or https://.");
    }
    if (problems.has("client_certificate_file") !== problems.has("client_key_file")) {
      problems.error(undefined, "client_certificate_file and client_key_file must be set together");
    }
  },
  async read(config, reading) {
    const { status, headers, body } = await requestWithRetries(config, reading);
    if (status < 200 || status > 299) {
      throw new Failure(`HTTP request error. Response code: ${status}, from ${shownUrl(config.url)}`);
    }
    const type = headers.get("Content-Type");
    if (!isUtf8(body) || (type !== undefined && !TEXT.test(type))) {
      reading.warn(
        `The answer of ${shownUrl(config.url)} is not known to be text (${type ?? "no Content-Type"}): ` +
          "what is no UTF-8 in it is lost.",
      );
    }
    const headerMap = headersValue(headers);
    return objectValue({
      url: stringValue(config.url),
      body: stringValue(body.toString("utf8")),
      request_headers: headerMap,
      response_headers: headerMap,
      status_code: numberValue(status),
    });
  },
});

const TEXT = /^(text\/|application\/([\w.-]+\+)?(json|xml|yaml|x-yaml|toml|javascript|x-www-form-urlencoded)\b)/i;

function headersValue(headers: ReadonlyMap<string, string>): Value {
  return mapValue(
    STRING,
    [...headers].map(([name, value]) => [name, stringValue(value)] as const),
  );
}
