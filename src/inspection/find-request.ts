import { ProxyError } from '../core/errors.ts';
import { phrase } from '../core/localizer.ts';
import type { KeptRequest } from '../recording/record.ts';
import type { Recorder } from '../recording/recorder.ts';

/** The request with this id. Throws `not-found`. */
export function findRequest(recorder: Recorder, id: string): KeptRequest {
  const request = recorder.find(id);
  if (request) return request;
  throw new ProxyError(
    'not-found',
    phrase(
      'Request {0} is not kept any more: the oldest make room for new ones. Raise recordLimitMegabytes in the settings to keep more.',
      id,
    ),
  );
}
