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
  '168.63.129.16',
  'fd00:ec2::254',
  'fd20:ce::254',
  'fec0::1',
  '64:ff9b::169.254.169.254',
  '64:ff9b:1::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
  '::ffff:0:a9fe:a9fe',
  '0:0:0:0:0:FFFF:A9FE:A9FE',
  '::a9fe:a9fe',
  '2001:0:4136:e378:8000:63bf:5601:5601',
  '169.254.169.254.',
  '0x7f.1',
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
  '::ffff:7f00:1',
  '::127.0.0.1',
  '64:ff9b::10.0.0.1',
  '2002:c0a8:1::',
  '198.18.0.7',
  '::1%lo',
]) {
  test(`${address} is fetched from only when local networks are allowed`, () => {
    assert.equal(mayFetchFrom(address, true), true);
    assert.equal(mayFetchFrom(address, false), false);
  });
}

for (const address of [
  '93.184.216.34',
  '2606:2800:220:1:248:1893:25c8:1946',
  '2001:4860:4860::8888',
  '64:ff9b::5db8:d822',
  '2002:5db8:d822::1',
]) {
  test(`${address} is fetched from`, () => assert.equal(mayFetchFrom(address, false), true));
}
