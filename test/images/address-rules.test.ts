import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayFetchFrom } from '../../src/images/address-rules.ts';

for (const address of [
  '169.254.169.254',
  'fe80::1',
  '0.0.0.0',
  '::',
  '100.100.100.200',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  'ff02::1',
  'nonsense',
  '',
]) {
  test(`${address || 'an empty address'} is never fetched from`, () => {
    assert.equal(mayFetchFrom(address, true), false);
    assert.equal(mayFetchFrom(address, false), false);
  });
}

for (const address of [
  '127.0.0.1',
  '10.1.2.3',
  '192.168.0.9',
  '172.20.0.1',
  '::1',
  'fd12::1',
  '::ffff:127.0.0.1',
]) {
  test(`${address} is fetched from only when local networks are allowed`, () => {
    assert.equal(mayFetchFrom(address, true), true);
    assert.equal(mayFetchFrom(address, false), false);
  });
}

for (const address of ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946']) {
  test(`${address} is fetched from`, () => assert.equal(mayFetchFrom(address, false), true));
}
