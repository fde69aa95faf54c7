import type { RequestSummary } from '../../src/shared/requests.ts';
import { t } from '../localization.ts';

export const columnIds = [
  'time',
  'client',
  'api',
  'model',
  'backend',
  'status',
  'duration',
  'firstToken',
  'inputTokens',
  'outputTokens',
  'tools',
  'size',
] as const;
export type ColumnId = (typeof columnIds)[number];

export interface Column {
  readonly id: ColumnId;
  /** Pixels at first, and the least that it can be made. */
  readonly width: number;
  readonly minimum: number;
  /** Where there is no room for all, the highest goes first. */
  readonly dispensability: number;
  readonly numeric: boolean;
  /** What it is sorted by; undefined stands last in either order. */
  sortKey(request: RequestSummary): number | string | undefined;
}

type Definition = Omit<Column, 'id'>;

const definitions: Readonly<Record<ColumnId, Definition>> = {
  time: column(92, 64, 0, ({ time }) => time),
  client: column(120, 60, 4, ({ client }) => client.toLowerCase()),
  api: column(140, 60, 8, ({ api }) => api),
  model: column(200, 90, 0, ({ modelUsed, modelAsked }) => (modelUsed ?? modelAsked)?.toLowerCase()),
  backend: column(76, 50, 10, ({ backend }) => backend),
  status: column(92, 60, 1, ({ statusCode }) => statusCode),
  duration: number(80, 56, 2, ({ durationMs }) => durationMs),
  firstToken: number(86, 56, 6, ({ firstTokenMs }) => firstTokenMs),
  inputTokens: number(84, 50, 3, ({ inputTokens }) => inputTokens),
  outputTokens: number(84, 50, 5, ({ outputTokens }) => outputTokens),
  tools: number(56, 40, 9, ({ toolCalls }) => toolCalls),
  size: number(80, 50, 7, ({ requestSize, responseSize }) => requestSize + responseSize),
};

/** All columns, in the order in which they stand. */
export const columns: readonly Column[] = columnIds.map((id) => ({ id, ...definitions[id] }));

/** The column that takes what room is left. */
export const growingColumn: ColumnId = 'model';

export function columnTitle(id: ColumnId): string {
  switch (id) {
    case 'time':
      return t('Time');
    case 'client':
      return t('Client');
    case 'api':
      return t('API');
    case 'model':
      return t('Model');
    case 'backend':
      return t('Backend');
    case 'status':
      return t('Status');
    case 'duration':
      return t('Duration');
    case 'firstToken':
      return t('First token');
    case 'inputTokens':
      return t('Tokens in');
    case 'outputTokens':
      return t('Tokens out');
    case 'tools':
      return t('Tools');
    case 'size':
      return t('Size');
    default:
      return id satisfies never;
  }
}

/** Those that a person has not hidden and that fit into a width in pixels, the least dispensable first to be kept. */
export function fittingColumns(
  width: number,
  widths: Readonly<Partial<Record<ColumnId, number>>>,
  hidden: ReadonlySet<ColumnId>,
): Column[] {
  const kept = new Set<ColumnId>();
  let room = width;
  const byNeed = columns
    .filter(({ id }) => !hidden.has(id))
    .toSorted((one, other) => one.dispensability - other.dispensability);
  for (const { id, minimum } of byNeed) {
    room -= id === growingColumn ? minimum : widthOf(id, widths);
    if (room < 0 && kept.size > 0) break;
    kept.add(id);
  }
  return columns.filter(({ id }) => kept.has(id));
}

export function widthOf(id: ColumnId, widths: Readonly<Partial<Record<ColumnId, number>>>): number {
  const { width, minimum } = definitions[id];
  return Math.max(minimum, widths[id] ?? width);
}

function column(
  width: number,
  minimum: number,
  dispensability: number,
  sortKey: Column['sortKey'],
): Definition {
  return { width, minimum, dispensability, numeric: false, sortKey };
}

function number(
  width: number,
  minimum: number,
  dispensability: number,
  sortKey: Column['sortKey'],
): Definition {
  return { ...column(width, minimum, dispensability, sortKey), numeric: true };
}
