'use strict';
// The services of the fleet: number n, everywhere the same.

exports.service = (number) => ({
  name: `service-${number}`,
  version: `1.${number}.0`,
  settings: `name=service-${number}\nregion=eu-${number % 7}\nlog.level=info\n`,
});
