import { createHash } from 'node:crypto';
import type { Login } from '../../core/login.ts';
import { type ClientProfile, profileTraits } from './client-profile.ts';

export interface UnsignedRequest {
  /** The exact bytes to be sent; empty for GET. */
  readonly body: Uint8Array;
  /** Without query and leading `/algo`. */
  readonly path: string;
  /** A fresh uuid4. */
  readonly requestId: string;
  readonly unixSeconds: number;
  readonly accept: 'text/event-stream' | 'application/json';
}

export interface Signer {
  readonly login: Login;
  readonly profile: ClientProfile;
  readonly cosyVersion: string;
  /** `Cosy-Machineos`, see `machineOs`. */
  readonly machineOs: string;
}

/** All headers of a remote API request, its signature included. */
export function signedHeaders(request: UnsignedRequest, signer: Signer): Record<string, string> {
  const { login, profile, cosyVersion } = signer;
  const payload = signaturePayload(request.requestId, login.encryptUserInfo, cosyVersion);
  const signature = createHash('md5')
    .update(`${payload}\n${login.cosyKey}\n${request.unixSeconds}\n`)
    .update(request.body)
    .update(`\n${request.path}`)
    .digest('hex');
  return {
    Authorization: `Bearer COSY.${payload}.${signature}`,
    'Content-Type': 'application/json',
    Accept: request.accept,
    'Cache-Control': 'no-cache',
    Appcode: 'cosy',
    'Cosy-Key': login.cosyKey,
    'Cosy-User': login.userId,
    'Cosy-MachineId': login.machineId,
    'Cosy-Date': String(request.unixSeconds),
    'Cosy-Clientip': '198.18.0.1',
    'Cosy-Clienttype': profileTraits[profile].clientType,
    'Cosy-Machineos': signer.machineOs,
    'Cosy-Machinetoken': '',
    'Cosy-Machinetype': '',
    'Cosy-Version': cosyVersion,
    'Login-Version': 'v2',
    ...(profile === 'ide'
      ? { 'Cosy-Organization-Id': login.organizationId ?? '', 'Accept-Encoding': 'identity' }
      : {}),
  };
}

/** Keys in alphabetical order: upstream computes the same text. */
function signaturePayload(requestId: string, info: string, cosyVersion: string): string {
  const payload = { cosyVersion, ideVersion: '', info, requestId, version: 'v1' };
  return Buffer.from(JSON.stringify(payload)).toString('base64');
}

/** This computer as `Cosy-Machineos` names it, such as `x86_64_linux` or `arm64_darwin`. */
export function machineOs(platform: string = process.platform, arch: string = process.arch): string {
  return `${arch === 'x64' ? 'x86_64' : arch}_${platform === 'win32' ? 'windows' : platform}`;
}
