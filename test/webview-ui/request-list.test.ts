import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from './eventually.ts';
import { describeInspector, type InspectorPage, type PageOptions } from './inspector-page.ts';
import { RequestList } from './request-list.ts';
import { sampleRequest, sampleRequests } from './sample-requests.ts';

const idOf = (index: number) => sampleRequest(index).id;

describeInspector('the list of requests', (open) => {
  let inspector: InspectorPage;

  /** A page with so many requests; the answers of other calls as given. */
  async function openList(count: number, options: PageOptions = {}): Promise<RequestList> {
    const answers = { list: () => ({ requests: sampleRequests(count) }), ...options.answers };
    inspector = await open({ ...options, answers });
    const list = new RequestList(inspector);
    if (count > 0) await list.rows.first().waitFor();
    return list;
  }

  const press = (keys: string) => inspector.page.keyboard.press(keys);

  test('of 10,000 requests it tells how many there are and holds those in sight', async () => {
    const list = await openList(10_000);
    assert.equal(await list.grid.getAttribute('aria-rowcount'), '10001');
    assert.deepEqual(await list.firstIds(2), [idOf(9_999), idOf(9_998)]);
    assert.ok((await list.rows.count()) < 60);
    await list.grid.focus();
    await press('End');
    await list.row(idOf(0)).waitFor();
    assert.equal(await list.row(idOf(0)).getAttribute('aria-rowindex'), '10001');
    assert.ok((await list.rows.count()) < 60);
    assert.match(await list.footer(), /10,000 requests/);
    assert.deepEqual(inspector.complaints, []);
  });

  test('a heading sorts, and once more the other way round', async () => {
    const list = await openList(50);
    const slowest = sampleRequests(50).toSorted((one, other) => other.durationMs - one.durationMs);
    await list.heading('Duration').click();
    await eventually(() => list.firstIds(1), [slowest[0]?.id]);
    assert.equal(await list.heading('Duration').getAttribute('aria-sort'), 'descending');
    await list.heading('Duration').click();
    await eventually(() => list.firstIds(1), [slowest.at(-1)?.id]);
    assert.equal(await list.heading('Duration').getAttribute('aria-sort'), 'ascending');
    assert.equal(await list.heading('Time').getAttribute('aria-sort'), 'none');
  });

  test('text and facets narrow it, and / and Escape lead into the filter and out', async () => {
    const list = await openList(200);
    await list.grid.focus();
    await press('/');
    const found = sampleRequests(200).filter(
      ({ client, modelAsked, statusCode }) => statusCode === 502 && /codex/i.test(`${client} ${modelAsked}`),
    );
    await inspector.page.keyboard.type('codex 502');
    await eventually(
      () => list.footer().then((text) => /(\d+) of 200/.exec(text)?.[1]),
      String(found.length),
    );
    await press('Escape');
    await eventually(() => list.filter.inputValue(), '');
    await press('Escape');
    await eventually(() => list.grid.evaluate((grid) => grid.matches(':focus')), true);
    await inspector.page.getByLabel('All clients').selectOption('Claude Code');
    await eventually(() => list.footer().then((text) => /(\d+) of 200/.exec(text)?.[1]), '40');
    await list.button('Errors only').click();
    await eventually(() => list.button('Errors only').getAttribute('aria-pressed'), 'true');
    const shown = await list.rows.count();
    assert.ok(shown > 0 && shown < 40);
    await list.button('Clear the filter').click();
    await eventually(() => list.footer().then((text) => /(\d+) of 200/.exec(text)?.[1]), undefined);
  });

  test('the keyboard goes through it, and the detail goes along once it is open', async () => {
    const list = await openList(100);
    await list.grid.focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp']) await press(key);
    await eventually(() => list.active(), idOf(98));
    await eventually(() => list.detail().textContent(), idOf(98));
    await press('PageDown');
    const paged = await list.active();
    assert.ok(paged !== null && paged < idOf(90));
    await eventually(() => list.detail().textContent(), paged);
    await press('Escape');
    await list.detail().waitFor({ state: 'detached' });
    await press('Enter');
    await list.detail().waitFor();
    await press('Home');
    await eventually(() => list.active(), idOf(99));
  });

  test('what is selected stays so while requests come, and what is in sight stays where it is', async () => {
    const list = await openList(500);
    await list.grid.evaluate((grid) => grid.scrollTo(0, 2_400));
    await list.row(idOf(390)).waitFor();
    await list.row(idOf(395)).click();
    const before = await list.row(idOf(395)).boundingBox();
    const changed = Array.from({ length: 30 }, (_, index) => sampleRequest(500 + index));
    await inspector.send({ type: 'requests', changed });
    await eventually(() => list.grid.getAttribute('aria-rowcount'), '531');
    assert.deepEqual(await list.row(idOf(395)).boundingBox(), before);
    assert.deepEqual(await list.selected(), [idOf(395)]);
    await eventually(() => list.detail().textContent(), idOf(395));
  });

  test('it keeps the newest in sight until one scrolls away, and again when one comes back', async () => {
    const list = await openList(200);
    const follows = list.button('Keep the newest request in sight');
    assert.equal(await follows.getAttribute('aria-pressed'), 'true');
    await inspector.send({ type: 'requests', changed: [sampleRequest(200)] });
    await list.row(idOf(200)).waitFor();
    assert.equal(await list.grid.evaluate((grid) => grid.scrollTop), 0);
    await list.grid.evaluate((grid) => grid.scrollTo(0, 1_000));
    await eventually(() => follows.getAttribute('aria-pressed'), 'false');
    await follows.click();
    await eventually(() => list.grid.evaluate((grid) => grid.scrollTop), 0);
    // The oldest first: the newest is at the lower end.
    await list.heading('Time').click();
    await eventually(() => list.grid.evaluate((grid) => grid.scrollTop > 1_000), true);
    await list.row(idOf(200)).waitFor();
  });

  test('a paused list counts what is new and shows it when it goes on', async () => {
    const list = await openList(20);
    await list.button('Pause the list').click();
    await inspector.send({ type: 'requests', changed: [sampleRequest(20), sampleRequest(21)] });
    await list.button('Go on showing new requests').filter({ hasText: '2 new' }).waitFor();
    assert.equal(await list.grid.getAttribute('aria-rowcount'), '21');
    await list.button('Go on showing new requests').click();
    await eventually(() => list.grid.getAttribute('aria-rowcount'), '23');
  });

  test('forgetting leaves what the proxy still lists', async () => {
    let cleared = false;
    const list = await openList(20, {
      answers: {
        list: () => ({
          requests: cleared ? [sampleRequest(30, { state: 'running' })] : sampleRequests(20),
        }),
        clear: () => {
          cleared = true;
          return { cleared: 20 };
        },
      },
    });
    await list.button('Forget all requests that have ended').click();
    await eventually(() => list.firstIds(5), [idOf(30)]);
    assert.match(await list.footer(), /20 requests forgotten/);
  });

  test('grouped, it is a tree of sessions that open and close', async () => {
    const list = await openList(100);
    await list.button('Group by session').click();
    await eventually(() => list.grid.getAttribute('role'), 'treegrid');
    const session = inspector.page.locator('.row.session').first();
    assert.match((await session.textContent()) ?? '', /Continue|curl|OpenCode|Codex CLI|Claude Code/);
    assert.equal(await session.getAttribute('aria-expanded'), 'true');
    const open = Number(await list.grid.getAttribute('aria-rowcount'));
    await session.click();
    await eventually(() => session.getAttribute('aria-expanded'), 'false');
    assert.ok(Number(await list.grid.getAttribute('aria-rowcount')) < open);
    await press('ArrowRight');
    await eventually(() => session.getAttribute('aria-expanded'), 'true');
    assert.deepEqual(await inspector.accessibilityProblems(), []);
    await inspector.screenshot('grouped');
  });

  test('two that are selected can be compared, the earlier one on the left, and exported', async () => {
    const saved: string[] = [];
    const list = await openList(20, {
      answers: {
        export: ({ ids, format }) => ({ text: JSON.stringify({ ids, format }) }),
        save({ name, text }) {
          saved.push(name.slice(-4), text);
          return { saved: true };
        },
      },
    });
    await list.row(idOf(19)).click();
    await list.row(idOf(15)).click({ modifiers: ['ControlOrMeta'] });
    await list.button(/^Export 2 requests as HAR/).click();
    await eventually(async () => saved[0], '.har');
    assert.deepEqual(JSON.parse(saved[1] ?? ''), { ids: [idOf(19), idOf(15)], format: 'har' });
    await list.button('Compare the two').click();
    const compare = inspector.page.locator('request-compare');
    await compare.waitFor();
    const sides = await compare.evaluate((element) => [
      Reflect.get(element, 'left'),
      Reflect.get(element, 'right'),
    ]);
    assert.deepEqual(sides, [idOf(15), idOf(19)]);
    await list.row(idOf(18)).click({ modifiers: ['Shift'] });
    await eventually(() => list.selected().then(({ length }) => length), 4);
    assert.match(await list.footer(), /4 selected/);
  });

  test('the context menu copies, replays and narrows, by pointer and by keyboard', async () => {
    const list = await openList(40, {
      answers: {
        copyAs: ({ id, format }) => ({ text: `${format} ${id}` }),
        copy: () => ({}),
        replay: () => ({ id: idOf(40) }),
      },
    });
    await list.row(idOf(35)).click({ button: 'right' });
    await list.choose('Copy as curl');
    await eventually(async () => inspector.calls.find(({ name }) => name === 'copy')?.input, {
      text: `curl ${idOf(35)}`,
    });
    await list.grid.focus();
    await press('Shift+F10');
    await list.menu.waitFor();
    await inspector.screenshot('menu');
    assert.deepEqual(await inspector.accessibilityProblems(), []);
    await press('ArrowDown');
    await press('Enter');
    await inspector.send({ type: 'requests', changed: [sampleRequest(40, { replayOf: idOf(35) })] });
    await eventually(() => list.detail().textContent(), idOf(40));
    await list.row(idOf(35)).click({ button: 'right' });
    await list.choose('Show only this client');
    await eventually(() => inspector.page.getByLabel('All clients').inputValue(), sampleRequest(35).client);
  });

  test('what a call is refused for is told', async () => {
    const list = await openList(5, {
      answers: {
        copyAs() {
          throw new Error('Its body is not kept.');
        },
      },
    });
    await list.row(idOf(3)).click({ button: 'right' });
    await list.choose('Copy as Python');
    await inspector.page.getByRole('status').filter({ hasText: 'Its body is not kept.' }).waitFor();
  });

  test('columns are made wider by pointer and keyboard, hidden by their menu, and give way in a narrow panel', async () => {
    const list = await openList(10);
    const width = async (name: string) => Math.round((await list.heading(name).boundingBox())?.width ?? 0);
    const before = await width('Client');
    await inspector.page.getByRole('button', { name: 'Time' }).focus();
    await press('ArrowRight');
    await press('Shift+ArrowRight');
    await eventually(() => width('Client'), before + 16);
    const grip = await list.heading('Client').locator('.grip').boundingBox();
    assert.ok(grip);
    await inspector.page.mouse.move(grip.x + 3, grip.y + 5);
    await inspector.page.mouse.down();
    await inspector.page.mouse.move(grip.x + 33, grip.y + 5, { steps: 3 });
    await inspector.page.mouse.up();
    await eventually(() => width('Client'), before + 46);
    await list.heading('Client').click({ button: 'right' });
    await list.choose('Backend');
    await list.heading('Backend').waitFor({ state: 'detached' });
    await press('Escape');
    await inspector.resize('narrow');
    await list.heading('API').waitFor({ state: 'detached' });
    await list.heading('Model').waitFor();
  });

  test('what was set up is there again after the page was hidden', async () => {
    const list = await openList(60);
    await list.heading('Duration').click();
    await list.filter.fill('kmodel');
    await list.rows.nth(2).click();
    const shown = await list.detail().textContent();
    const order = await list.firstIds(5);
    await inspector.reload();
    await list.rows.first().waitFor();
    assert.equal(await list.filter.inputValue(), 'kmodel');
    assert.equal(await list.heading('Duration').getAttribute('aria-sort'), 'descending');
    assert.deepEqual(await list.firstIds(5), order);
    await eventually(() => list.detail().textContent(), shown);
    await eventually(() => list.selected(), [shown]);
  });

  test('the line between list and detail is moved by keyboard and pointer', async () => {
    const list = await openList(10);
    await list.row(idOf(5)).click();
    const line = inspector.page.getByRole('separator', { name: 'Size of the list' });
    assert.equal(await line.getAttribute('aria-valuenow'), '50');
    await line.focus();
    await press('ArrowRight');
    await eventually(() => line.getAttribute('aria-valuenow'), '52');
    await press('End');
    await eventually(() => line.getAttribute('aria-valuenow'), '85');
    const box = await line.boundingBox();
    assert.ok(box);
    await inspector.page.mouse.move(box.x + 2, box.y + 100);
    await inspector.page.mouse.down();
    await inspector.page.mouse.move(700, box.y + 100, { steps: 4 });
    await inspector.page.mouse.up();
    await eventually(() => line.getAttribute('aria-valuenow'), '50');
    await inspector.resize('narrow');
    await eventually(() => line.getAttribute('aria-orientation'), 'horizontal');
  });

  test('VS Code can have a request shown, also one that the filter hides', async () => {
    const list = await openList(300);
    await list.filter.fill('no such thing');
    await inspector.page.getByText('No request matches the filter.').waitFor();
    await inspector.send({ type: 'reveal', id: idOf(20) });
    await list.row(idOf(20)).waitFor();
    await eventually(() => list.detail().textContent(), idOf(20));
    await eventually(() => list.active(), idOf(20));
  });

  test('without a proxy it offers to start one, and lists what it has once it runs', async () => {
    inspector = await open({
      greeting: [{ type: 'proxy', running: false, attached: false }],
      answers: { list: () => ({ requests: sampleRequests(3) }), command: () => ({}) },
    });
    await inspector.page.getByRole('button', { name: 'Start' }).click();
    await eventually(async () => inspector.calls, [{ name: 'command', input: { name: 'start' } }]);
    await inspector.screenshot('off');
    await inspector.send({ type: 'proxy', running: true, url: 'http://127.0.0.1:1', attached: true });
    await new RequestList(inspector).row(idOf(2)).waitFor();
    assert.match(await new RequestList(inspector).footer(), /run by another window/);
  });

  test('200 changes a second while one scrolls: all of them are in the list in the end', async () => {
    const list = await openList(2_000);
    for (let batch = 0; batch < 20; batch++) {
      const changed = Array.from({ length: 20 }, (_, index) => sampleRequest(2_000 + batch * 20 + index));
      await inspector.send({ type: 'requests', changed });
      await list.grid.evaluate((grid, top) => grid.scrollTo(0, top), batch * 900);
    }
    await eventually(() => list.grid.getAttribute('aria-rowcount'), '2401');
    await list.grid.focus();
    await press('Home');
    await eventually(() => list.firstIds(3), [idOf(2_399), idOf(2_398), idOf(2_397)]);
    assert.deepEqual(inspector.complaints, []);
  });
});
