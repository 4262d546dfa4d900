import type { HttpResponse } from './http-response.js';
import { isJsonObject } from './json-body.js';

/**
 * Rewrites the causes of an `E0000001` as some orgs send them, as the text of a Java exception; other responses stay.
 * `jobTitle: The field cannot be left blank` becomes
 * `Field error in object 'newUser' on field 'jobTitle': rejected value [null]; codes […]; default message [The field cannot be left blank]`.
 */
export function withJavaErrorText(response: HttpResponse, object: 'newUser' | 'user'): HttpResponse {
  if (response.status !== 400) return response;
  const body: unknown = JSON.parse(response.body);
  if (!isJsonObject(body) || body['errorCode'] !== 'E0000001' || !Array.isArray(body['errorCauses'])) {
    return response;
  }
  const causes = body['errorCauses'].map((cause: unknown) => ({
    errorSummary: javaText(String(isJsonObject(cause) ? cause['errorSummary'] : cause), object),
  }));
  return { ...response, body: JSON.stringify({ ...body, errorCauses: causes }) };
}

function javaText(cause: string, object: string): string {
  const { field, message } = /^(?<field>\w+): (?<message>.*)$/s.exec(cause)?.groups ?? {};
  if (field === undefined || message === undefined) return cause;
  const codes = [`invalid.${object}.${field}`, `invalid.${field}`, 'invalid.java.lang.String', 'invalid'];
  return `Field error in object '${object}' on field '${field}': rejected value [null]; codes [${codes.join(',')}]; arguments []; default message [${message}]`;
}
