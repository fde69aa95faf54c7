import { html, nothing, type TemplateResult } from 'lit';
import type { RequestSummary } from '../../src/shared/requests.ts';
import {
  apiName,
  backendName,
  formatClock,
  formatCount,
  formatDuration,
  formatSize,
  formatTokenCount,
  nothing as noValue,
} from '../format.ts';
import { icon } from '../icon.ts';
import { t } from '../localization.ts';
import type { ColumnId } from './request-columns.ts';
import { durationOf, type RequestEntry } from './request-store.ts';

/** What a column shows of a request; `now` is a time of `performance.now()`. */
export function requestCell(id: ColumnId, entry: RequestEntry, now: number): TemplateResult | string {
  const { request } = entry;
  switch (id) {
    case 'time':
      return formatClock(request.time);
    case 'client':
      return request.client;
    case 'api':
      return request.api === '' ? html`<span class="pale">${request.path}</span>` : apiName(request.api);
    case 'model':
      return modelCell(request);
    case 'backend':
      return request.backend ?? noValue;
    case 'status':
      return statusCell(request);
    case 'duration':
      return formatDuration(durationOf(entry, now));
    case 'firstToken':
      return request.firstTokenMs === undefined ? noValue : formatDuration(request.firstTokenMs);
    case 'inputTokens':
      return formatTokenCount(request.inputTokens, request.usageSource);
    case 'outputTokens':
      return formatTokenCount(request.outputTokens, request.usageSource);
    case 'tools':
      return request.toolCalls === 0 ? '' : formatCount(request.toolCalls);
    case 'size':
      return formatSize(request.requestSize + request.responseSize);
    default:
      return id satisfies never;
  }
}

/** What a pointer that rests on a cell is told, where the cell may not hold it all. */
export function requestCellHover(id: ColumnId, { request }: RequestEntry): string {
  switch (id) {
    case 'time':
      return new Date(request.time).toLocaleString();
    case 'client':
      return [request.client, request.sessionId].filter((part) => part !== undefined).join(' · ');
    case 'api':
      return `${request.method} ${request.path}`;
    case 'model':
      return modelsOf(request).join(' → ');
    case 'backend':
      return request.backend === undefined ? '' : backendName(request.backend);
    case 'status':
      return request.error
        ? t('The client was told {0}: {1}', request.error.kind, request.error.message)
        : stateName(request);
    case 'inputTokens':
    case 'outputTokens':
      return request.usageSource === 'estimate' ? t('estimated by the proxy') : '';
    case 'size':
      return t('{0} asked, {1} answered', formatSize(request.requestSize), formatSize(request.responseSize));
    case 'duration':
    case 'firstToken':
    case 'tools':
      return '';
    default:
      return id satisfies never;
  }
}

/** How a request stands, in a word. */
function stateName({ state }: RequestSummary): string {
  switch (state) {
    case 'running':
      return t('running');
    case 'done':
      return t('done');
    case 'failed':
      return t('failed');
    case 'cancelled':
      return t('cancelled');
    default:
      return state satisfies never;
  }
}

function modelCell(request: RequestSummary): TemplateResult | string {
  const [asked, used] = modelsOf(request);
  if (asked === undefined) return html`<span class="pale">${request.method} ${request.path}</span>`;
  const marks =
    request.replayOf === undefined
      ? nothing
      : html`${icon('debug-rerun')}<span class="visually-hidden">${t('Replay')}</span> `;
  return html`${marks}${asked}${used === undefined ? nothing : html` <span class="pale">→ ${used}</span>`}`;
}

/** The model that was asked for, and the one that answered if it is another. */
function modelsOf({ modelAsked, modelUsed }: RequestSummary): string[] {
  const models = [modelAsked, modelUsed].filter((model) => model !== undefined && model !== '');
  return [...new Set(models)].flatMap((model) => model ?? []);
}

function statusCell(request: RequestSummary): TemplateResult {
  const { state, statusCode, brokenRules = 0 } = request;
  const code = statusCode === undefined ? '' : String(statusCode);
  const broken =
    brokenRules === 0
      ? nothing
      : html` <span class="warning" title=${t('{0} rules broken', brokenRules)}>${icon('warning')}${brokenRules}</span>`;
  return html`<span class=${state}>${stateIcon(request)}</span
    ><span class="visually-hidden">${stateName(request)}</span> ${code}${broken}`;
}

function stateIcon({ state }: RequestSummary): TemplateResult {
  switch (state) {
    case 'running':
      return icon('loading', { spin: true });
    case 'done':
      return icon('pass');
    case 'failed':
      return icon('error');
    case 'cancelled':
      return icon('circle-slash');
    default:
      return state satisfies never;
  }
}
