import '../src';
test('x', () => {});
