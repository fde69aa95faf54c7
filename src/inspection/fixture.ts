import type { TurnEvent } from '../core/events.ts';
import { tryParseJson } from '../core/json.ts';
import type { RequestRecord } from '../recording/record.ts';
import { internalEvents } from './recorded-events.ts';

/** A recorded request as a test can replay it: decode the request, encode the events, compare with the response. */
export interface Fixture {
  readonly format: 'lingma-proxy-fixture';
  readonly version: 1;
  readonly api: string;
  readonly path: string;
  readonly stream: boolean;
  readonly statusCode?: number;
  /** As JSON where it is some. */
  readonly request: unknown;
  /** What the backend answered. */
  readonly events: readonly TurnEvent[];
  /** What the client got, as it was. */
  readonly response: string;
  readonly upstream: readonly {
    readonly method: string;
    readonly target: string;
    readonly statusCode?: number;
    readonly request: string;
    readonly response: string;
  }[];
  /** Characters that were not recorded, of all bodies together: with any, the parts do not belong together any more. */
  readonly omitted: number;
}

export function toFixture(record: RequestRecord): Fixture {
  const { api, path, stream, statusCode, request, response, upstream, answer } = record;
  return {
    format: 'lingma-proxy-fixture',
    version: 1,
    api,
    path,
    stream,
    ...(statusCode === undefined ? {} : { statusCode }),
    request: tryParseJson(request) ?? request,
    events: answer.flatMap((entry) => internalEvents(entry).map(({ event }) => event)),
    response,
    upstream: upstream.map(({ method, target, statusCode: status, request: sent, response: received }) => ({
      method,
      target,
      ...(status === undefined ? {} : { statusCode: status }),
      request: sent,
      response: received,
    })),
    omitted:
      record.requestOmitted +
      record.responseOmitted +
      upstream.reduce(
        (sum, { requestOmitted, responseOmitted }) => sum + requestOmitted + responseOmitted,
        0,
      ),
  };
}
