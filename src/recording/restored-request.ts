import { tryParseJson } from '../core/json.ts';
import type { Violation } from '../shared/inspector-calls.ts';
import type { RequestSummary } from '../shared/requests.ts';
import type {
  FindViolations,
  KeptAnswer,
  KeptRequest,
  KeptText,
  RecordHead,
  RequestRecord,
  WireSide,
} from './record.ts';
import { detailsSchema, type RecordDetails } from './stored-record.ts';

/** Stands for details that cannot be read. */
const nothing: RecordDetails = {
  requestHeaders: {},
  request: '',
  requestOmitted: 0,
  responseHeaders: {},
  response: '',
  responseOmitted: 0,
  responseTimes: [],
  answer: [],
  answerDropped: 0,
  upstream: [],
  notes: [{ type: 'remark', atMs: 0, text: 'The rest of this record could not be read from its file.' }],
};

/** A request of an earlier run, redacted before it was written. Its details stay the text that they were until somebody looks. */
export class RestoredRequest implements KeptRequest {
  readonly id: string;
  readonly hasEnded = true;
  readonly weight: number;
  readonly #details: string;
  #summary: RequestSummary;
  #violations: readonly Violation[] | undefined;

  constructor(summary: RequestSummary, details: string) {
    this.id = summary.id;
    this.weight = details.length;
    this.#summary = summary;
    this.#details = details;
  }

  toSummary(): RequestSummary {
    return this.#summary;
  }

  toHead(): RecordHead {
    const { requestHeaders, responseHeaders, upstream, notes, violations } = this.toRecord();
    return {
      ...this.#summary,
      requestHeaders,
      responseHeaders,
      upstream: upstream.map(
        ({ request: _, requestOmitted: __, response: ___, responseOmitted: ____, ...head }) => head,
      ),
      notes,
      ...(violations && { violations }),
    };
  }

  readBody(side: WireSide, exchange?: number): KeptText | undefined {
    const record = this.#read();
    const holder = exchange === undefined ? record : record.upstream[exchange];
    if (!holder) return undefined;
    return side === 'request'
      ? { text: holder.request, omitted: holder.requestOmitted }
      : { text: holder.response, omitted: holder.responseOmitted };
  }

  readAnswer(): KeptAnswer {
    const { responseTimes, answer, answerDropped } = this.#read();
    return { responseTimes, answer, answerDropped };
  }

  toRecord(): RequestRecord {
    return {
      ...this.#summary,
      ...this.#read(),
      ...(this.#violations && { violations: this.#violations }),
    };
  }

  check(findViolations: FindViolations): readonly Violation[] {
    if (this.#violations) return this.#violations;
    const { api, stream, state, statusCode, error } = this.#summary;
    const { response, responseOmitted, notes, violations } = this.#read();
    const found =
      violations ??
      findViolations({
        api,
        stream,
        state,
        ...(statusCode === undefined ? {} : { statusCode }),
        ...(error && { error }),
        response,
        isWhole: responseOmitted === 0,
        notes,
      });
    const brokenRules = found.filter(({ severity }) => severity === 'error').length;
    this.#violations = found;
    this.#summary = { ...this.#summary, brokenRules };
    return found;
  }

  #read(): RecordDetails {
    const { success, data } = detailsSchema.safeParse(tryParseJson(this.#details));
    return success ? data : nothing;
  }
}
