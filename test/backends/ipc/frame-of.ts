import { encodeFrame } from '../../../src/backends/ipc/frame-decoder.ts';

/** The frame of a body, whatever it is. */
export const frameOf = (body: string): Buffer => encodeFrame({ parts: [body], base64: [] });
