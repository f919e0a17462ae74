import { endpoints as slimEndpoints } from 'virtual:contract-table';
import type { Endpoint, endpoints as contractEndpoints } from '@granary/contract';

type Contract = typeof contractEndpoints;

/** What is known of an endpoint at run time; its schemas exist as types only. */
export type EndpointRef<T extends Endpoint = Endpoint> = Pick<Endpoint, 'method' | 'path'> & {
  /** Never there: carries the contract's types. */
  readonly contract?: T;
};
export type EndpointTable = {
  [Noun in keyof Contract]: {
    [Verb in keyof Contract[Noun]]: Contract[Noun][Verb] extends Endpoint ? EndpointRef<Contract[Noun][Verb]> : never;
  };
};

/** The contract's table of endpoints, without its schemas. */
export const endpoints: EndpointTable = slimEndpoints;
