import type { FuzzedParser } from '../fuzzed-parser.ts';
import { clientFiles } from './client-files.ts';
import { encoders } from './encoders.ts';
import { ipcFrames, ipcMessages, ipcModels } from './ipc.ts';
import { controlMessages, ownerFile, storedRecords } from './kept-files.ts';
import { remoteModels, remoteStream } from './remote-stream.ts';
import { requests } from './requests.ts';
import { baseUrlHints, credentialsFile, loginCache, machineIdText, runtimeInfo } from './runtime-files.ts';
import { editorSettings, settingsEnvironment, settingsFile, settingsFlags } from './settings.ts';
import { actionBlocks, tolerantJson } from './tool-calls.ts';

/** Everything in the program that reads what somebody else has written. */
export const parsers: readonly FuzzedParser[] = [
  remoteStream,
  remoteModels,
  ipcFrames,
  ipcMessages,
  ipcModels,
  actionBlocks,
  tolerantJson,
  ...requests,
  encoders,
  runtimeInfo,
  loginCache,
  credentialsFile,
  machineIdText,
  baseUrlHints,
  settingsFile,
  settingsEnvironment,
  settingsFlags,
  editorSettings,
  storedRecords,
  ownerFile,
  controlMessages,
  ...clientFiles,
];
