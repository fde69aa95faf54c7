import { ProxyError } from '../../core/errors.ts';
import { isRecord, type JsonRecord, toNumber } from '../../core/json.ts';
import { phrase } from '../../core/localizer.ts';
import type { UpstreamFailure } from './upstream-error.ts';

/** What an envelope with an error status says, in its body or status message. */
export function envelopeFailure(status: number, envelope: JsonRecord): UpstreamFailure {
  const { body, statusMessage } = envelope;
  const said = [body, statusMessage].find((text) => typeof text === 'string' && text !== '');
  const text = typeof said === 'string' ? said : isRecord(body) ? JSON.stringify(body) : '';
  return { status, text, where: 'envelope' };
}

/** An OpenAI error object in the place of a chunk; without a status of its own it counts as a failing upstream. */
export function innerFailure(error: JsonRecord): UpstreamFailure {
  const status = toNumber(error['status'] ?? error['code']);
  return {
    status: status >= 400 && status < 600 ? status : 500,
    text: JSON.stringify({ error }),
    where: 'envelope',
  };
}

/** The error for JSON that is cut or broken in mid-stream. */
export function malformed(where: 'event' | 'envelope'): ProxyError {
  return new ProxyError(
    'upstream-protocol',
    where === 'event'
      ? phrase(
          'The upstream sent an event with broken JSON, so part of the answer is lost. Send the request again.',
        )
      : phrase(
          'The upstream sent an envelope with broken JSON, so part of the answer is lost. Send the request again.',
        ),
    { retryAfterSeconds: 1 },
  );
}

/** The error for a gateway's or a captive portal's page in the place of an answer. */
export function webPage(): ProxyError {
  return new ProxyError(
    'upstream-protocol',
    phrase(
      'A web page came instead of an answer. Check the remote base URL and the proxy for upstream requests.',
    ),
  );
}

/** The error for a line or a stream without bounds. */
export function tooLong(): ProxyError {
  return new ProxyError(
    'upstream-protocol',
    phrase('The upstream sent more than an answer can be, so it was cut off. Send the request again.'),
    { retryAfterSeconds: 1 },
  );
}

/** The error for bytes that are no text. */
export function notUtf8(): ProxyError {
  return new ProxyError(
    'upstream-protocol',
    phrase(
      'The upstream sent bytes that are not UTF-8, so part of the answer is lost. Send the request again.',
    ),
    { retryAfterSeconds: 1 },
  );
}
