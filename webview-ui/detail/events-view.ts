import { css, html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RecordedEvent, RequestDetail, Violation } from '../../src/shared/inspector-calls.ts';
import type { Call } from '../connection.ts';
import '../controls/copy-button.ts';
import { formatOffset } from '../format.ts';
import { icon, iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import './json-tree.ts';
import './text-lines.ts';
import { detailStyles } from './detail-styles.ts';
import { VirtualRows, virtualRowStyles } from './virtual-rows.ts';

/** A gap is worth a look when it is this part of the whole time, and no shorter than that in milliseconds. */
const notablePart = 0.05;
const notableMs = 250;
const timeLineWidth = 1_000;

/** Every event of the answer with its time, and the gaps between them drawn on a line. */
@customElement('events-view')
export class EventsView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    iconStyles,
    detailStyles,
    virtualRowStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
        min-height: 0;
      }
      figure {
        margin: 0;
        padding: 8px;
        border-bottom: 1px solid var(--vscode-panel-border);
      }
      svg {
        display: block;
        width: 100%;
        height: 24px;
      }
      .base {
        fill: var(--vscode-editorWidget-background);
      }
      .gap {
        fill: var(--vscode-charts-yellow);
        fill-opacity: 0.5;
      }
      .tick {
        stroke: var(--vscode-charts-blue);
        vector-effect: non-scaling-stroke;
      }
      .chosen {
        stroke: var(--vscode-charts-red);
        stroke-width: 3;
        vector-effect: non-scaling-stroke;
      }
      figcaption {
        margin-top: 4px;
      }
      .rows {
        flex: 1;
        min-height: 80px;
      }
      .event {
        display: grid;
        grid-template-columns: 5ch 9ch 9ch 26ch 1fr;
        gap: 8px;
        padding-inline: 8px;
        cursor: default;
      }
      .event > * {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .event .codicon {
        font-size: 14px;
        vertical-align: text-bottom;
      }
      .figure {
        text-align: end;
        font-variant-numeric: tabular-nums;
      }
      .long {
        color: var(--vscode-editorWarning-foreground);
      }
      .event[aria-selected='true'] {
        background: var(--vscode-list-inactiveSelectionBackground);
        outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
      .rows:focus .event[aria-selected='true'] {
        background: var(--vscode-list-activeSelectionBackground);
        color: var(--vscode-list-activeSelectionForeground);
      }
      .event[aria-selected='true'] * {
        color: inherit;
      }
      .data {
        height: 40%;
        min-height: 100px;
        display: flex;
        flex-direction: column;
        border-top: 1px solid var(--vscode-panel-border);
      }
      .data header {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 2px 8px;
      }
      .data header strong {
        flex: 1;
      }
      .data > :last-child {
        flex: 1;
        min-height: 0;
      }
      .note {
        margin: 0;
        padding: 8px;
      }
      @container (max-width: 560px) {
        .event {
          grid-template-columns: 4ch 8ch 1fr;
        }
        .event > .wide {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) accessor call: Call | undefined;
  @property({ attribute: false }) accessor detail: RequestDetail | undefined;
  /** The event to show, such as one that broke a rule. */
  @property({ type: Number }) accessor selected = -1;
  @state() private accessor events: readonly RecordedEvent[] | undefined;
  @state() private accessor dropped = 0;
  @state() private accessor problem = '';
  readonly #rows = new VirtualRows(this, 20);
  #loaded = '';

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('detail')) void this.#load();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('selected') && this.selected >= 0) this.#rows.reveal(this.selected);
  }

  override render(): TemplateResult {
    const { events } = this;
    if (this.problem !== '') return html`<p class="note error" role="alert">${this.problem}</p>`;
    if (!events) return html`<p class="note pale">${t('Loading…')}</p>`;
    if (events.length === 0)
      return html`<p class="note pale">${t('No events: the answer was not streamed, or has not begun.')}</p>`;
    return html`${this.#renderTimeLine(events)}
      <div class="rows" role="listbox" tabindex="0" aria-label=${t('Events')} aria-activedescendant="event-${this.selected}" @keydown=${this.#onKey}>
        ${this.#rows.render(events.length, (index, place) => this.#renderEvent(events, index, place))}
      </div>
      ${this.#renderSelected(events)}`;
  }

  #renderTimeLine(events: readonly RecordedEvent[]): TemplateResult {
    const end = Math.max(this.detail?.summary.durationMs ?? 0, events.at(-1)?.atMs ?? 0, 1);
    const x = (atMs: number) => (atMs / end) * timeLineWidth;
    const gaps = events.flatMap(({ atMs }, index) =>
      isNotable(gapBefore(events, index), end) ? [{ from: atMs - gapBefore(events, index), to: atMs }] : [],
    );
    // More lines than there are points to draw them on show nothing more.
    const ticks = new Set(events.map(({ atMs }) => Math.round(x(atMs))));
    const longest = Math.max(...gaps.map(({ from, to }) => to - from), 0);
    const chosen = events[this.selected];
    const caption =
      gaps.length === 0
        ? t('{0} events in {1}, no long gaps', events.length, formatOffset(end))
        : t(
            '{0} events in {1}; the longest gap is {2}',
            events.length,
            formatOffset(end),
            formatOffset(longest),
          );
    return html`<figure>
      <svg viewBox="0 0 ${timeLineWidth} 24" preserveAspectRatio="none" aria-hidden="true">
        <rect class="base" width=${timeLineWidth} height="24"></rect>
        ${gaps.map(({ from, to }) => svg`<rect class="gap" x=${x(from)} width=${x(to) - x(from)} height="24"></rect>`)}
        ${[...ticks].map((at) => svg`<line class="tick" x1=${at} x2=${at} y1="5" y2="19"></line>`)}
        ${chosen ? svg`<line class="chosen" x1=${x(chosen.atMs)} x2=${x(chosen.atMs)} y1="0" y2="24"></line>` : nothing}
      </svg>
      <figcaption class="pale">
        ${caption}${this.dropped > 0 ? html` <span class="warning">${t('{0} more events were not kept.', this.dropped)}</span>` : nothing}
      </figcaption>
    </figure>`;
  }

  #renderEvent(events: readonly RecordedEvent[], index: number, place: string): TemplateResult {
    const event = events[index];
    if (!event) return html``;
    const gap = gapBefore(events, index);
    const end = this.detail?.summary.durationMs ?? 1;
    const violation = this.#violationAt(index);
    return html`<div id="event-${index}" class="event mono" role="option" aria-selected=${index === this.selected} .style=${place} @click=${() => this.#select(index)}>
      <span class="figure pale">${index + 1}</span>
      <span class="figure">${formatOffset(event.atMs)}</span>
      <span class="figure wide ${isNotable(gap, end) ? 'long' : 'pale'}">+${formatOffset(gap)}</span>
      <span>${violation ? html`<span class="error" title=${violation.text}>${icon('error')}</span> ` : nothing}${event.type}</span>
      <span class="pale wide">${event.data.slice(0, 200)}</span>
    </div>`;
  }

  #renderSelected(events: readonly RecordedEvent[]): TemplateResult | typeof nothing {
    const event = events[this.selected];
    if (!event) return nothing;
    const violation = this.#violationAt(this.selected);
    const value = parsed(event.data);
    return html`<section class="data" aria-label=${event.type}>
      <header><strong>${event.type}</strong><copy-button .call=${this.call} .text=${event.data} label=${t('Copy')}></copy-button></header>
      ${violation ? html`<p class="note error">${violation.rule}: ${violation.text}</p>` : nothing}
      ${
        value === undefined
          ? html`<text-lines .text=${event.data} label=${event.type}></text-lines>`
          : html`<json-tree .value=${value} label=${event.type}></json-tree>`
      }
    </section>`;
  }

  #violationAt(index: number): Violation | undefined {
    return this.detail?.violations.find(({ event }) => event === index);
  }

  async #load(): Promise<void> {
    const { call, detail } = this;
    if (!call || !detail) return;
    const { id, state } = detail.summary;
    if (this.#loaded === `${id} ${state}`) return;
    this.#loaded = `${id} ${state}`;
    try {
      const { events, dropped } = await call('events', { id });
      if (this.detail?.summary.id !== id) return;
      this.events = events;
      this.dropped = dropped;
      this.problem = '';
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const last = (this.events?.length ?? 0) - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: this.#rows.page,
      PageUp: -this.#rows.page,
      Home: -last,
      End: last,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.#select(Math.min(Math.max(this.selected + step, 0), last));
  };

  #select(index: number): void {
    this.selected = index;
  }
}

function gapBefore(events: readonly RecordedEvent[], index: number): number {
  return (events[index]?.atMs ?? 0) - (events[index - 1]?.atMs ?? 0);
}

function isNotable(gapMs: number, wholeMs: number): boolean {
  return gapMs >= notableMs && gapMs >= wholeMs * notablePart;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
