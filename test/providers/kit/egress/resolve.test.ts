import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublic, pin } from '../../../../providers/kit/egress/resolve.ts';

/** By the registries of special addresses, RFC 6890 and its successors, both families. */
const NOT_PUBLIC = `
  0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.255 169.254.0.1
  169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1
  192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1
  239.255.255.255 240.0.0.1 255.255.255.255
  :: ::1 ::2 ::127.0.0.1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:93.184.216.34 ::ffff:7f00:1 ::ffff:0:127.0.0.1
  64:ff9b::7f00:1 64:ff9b::5db8:d822 64:ff9b:1::a00:1 100::1 100:0:0:1::1 2001::1 2001:0:7f00:1:: 2001:2::1 2001:3::1
  2001:4:112::1 2001:10::1 2001:20::1 2001:30::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 2002:5db8:d822::
  2620:4f:8000::1 3fff::1 5f00::1 4000::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 febf::1 fec0::1 ff02::1 ff0e::1
  x localhost 127.1 0x7f.0.0.1 0177.0.0.1 2130706433 93.184.216.34/32`
  .trim()
  .split(/\s+/)
  .concat('', ' ', '93.184.216.34 ', '93.184.216.34\n');

describe('an address a name resolves to', () => {
  it.each(NOT_PUBLIC)('is not public: %j', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  it.each([
    '93.184.216.34',
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450:4001:80b::200e',
    '2001:4860:4860::8888',
  ])('is public: %s', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it('is not public whenever an IPv6 address carries another one for a translator', () => {
    const part = fc.nat({ max: 0xffff }).map((number) => number.toString(16));
    const prefix = fc.constantFrom('::ffff', '64:ff9b::', '2002', '2001:0');
    fc.assert(
      fc.property(prefix, part, part, (start, high, low) => {
        const text = start.endsWith('::')
          ? `${start}${high}:${low}`
          : start === '::ffff'
            ? `${start}:${high}:${low}`
            : `${start}:${high}:${low}::`;
        expect(isPublic(text)).toBe(false);
      }),
    );
  });
});

const answering = (...answers: string[]) => pin('a.example', async () => answers);

describe('a host of the list', () => {
  it('is connected to at exactly the addresses that were checked, in their order', async () => {
    expect(await answering('2606:4700::1111', '93.184.216.34')).toEqual({
      ok: true,
      pinned: [
        { address: '2606:4700::1111', family: 6 },
        { address: '93.184.216.34', family: 4 },
      ],
    });
  });

  it('is refused as soon as one of its addresses is not public', async () => {
    for (const other of NOT_PUBLIC) {
      expect(await answering('93.184.216.34', other), other).toMatchObject({ ok: false, reason: 'refused_address' });
    }
  });

  it('is unreachable when nothing is answered, or the resolver fails', async () => {
    expect(await answering()).toMatchObject({ ok: false, reason: 'unreachable' });
    expect(await pin('a.example', () => Promise.reject(new Error('SERVFAIL')))).toMatchObject({
      reason: 'unreachable',
    });
  });
});
