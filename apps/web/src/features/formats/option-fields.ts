/** A choice that a format offers, out of the JSON Schema of its options. */
export type OptionField = {
  name: string;
  description: string;
  type: 'number' | 'text' | 'choice' | 'switch';
  fallback: string;
  min: number | undefined;
  max: number | undefined;
  choices: string[];
};
type Property = {
  type?: unknown;
  description?: unknown;
  default?: unknown;
  minimum?: unknown;
  maximum?: unknown;
  enum?: unknown;
};

/** The fields of a form for the options; what the schema says of them in other ways than these is left to the server. */
export function optionFields(schema: Record<string, unknown>): OptionField[] {
  const properties = (schema['properties'] ?? {}) as Record<string, Property>;
  return Object.entries(properties).map(([name, property]) => ({
    name,
    description: typeof property.description === 'string' ? property.description : '',
    type: typeOf(property),
    fallback: property.default === undefined ? '' : String(property.default),
    min: typeof property.minimum === 'number' ? property.minimum : undefined,
    max: typeof property.maximum === 'number' ? property.maximum : undefined,
    choices: Array.isArray(property.enum) ? property.enum.map(String) : [],
  }));
}

function typeOf({ type, enum: choices }: Property): OptionField['type'] {
  if (Array.isArray(choices)) return 'choice';
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'boolean' ? 'switch' : 'text';
}
