namespace L4Lb.K8s.Reading.Schema;

/// <summary>
/// The type of a field in the API. <paramref name="GoName"/> is what the API server calls it when a value does not
/// fit: <c>cannot unmarshal string into … of type int32</c>.
/// </summary>
internal abstract record FieldType(string GoName)
{
    /// <summary>Text.</summary>
    public static FieldType Text { get; } = new ScalarType(ScalarShape.Text, "string");

    /// <summary>true or false.</summary>
    public static FieldType Bool { get; } = new ScalarType(ScalarShape.Bool, "bool");

    /// <summary>A whole number of 32 bits.</summary>
    public static FieldType Number { get; } = new ScalarType(ScalarShape.Int32, "int32");

    /// <summary>A whole number of 64 bits.</summary>
    public static FieldType LongNumber { get; } = new ScalarType(ScalarShape.Int64, "int64");

    /// <summary>A port by number or name.</summary>
    public static FieldType IntOrString { get; } = new ScalarType(ScalarShape.IntOrString, "int32");

    /// <summary>A time, as RFC 3339 writes it.</summary>
    public static FieldType Time { get; } = new ScalarType(ScalarShape.Time, "string");

    /// <summary>Whatever it is, it is not looked into.</summary>
    public static FieldType Any { get; } = new AnyType();

    /// <summary>A map of texts by text.</summary>
    public static FieldType TextMap { get; } = new MapType(Text);

    /// <summary>A list of texts.</summary>
    public static FieldType TextList { get; } = new ListType(Text);

    /// <summary>A text that the API gives a type of its own, such as <c>v1.Protocol</c>.</summary>
    public static FieldType Named(string goName) => new ScalarType(ScalarShape.Text, goName);

    /// <summary>A list of <paramref name="item"/>.</summary>
    public static FieldType ListOf(FieldType item) => new ListType(item);
}

/// <summary>A single value.</summary>
internal sealed record ScalarType(ScalarShape Shape, string GoName) : FieldType(GoName);

/// <summary>A list.</summary>
internal sealed record ListType(FieldType Item) : FieldType($"[]{Item.GoName}");

/// <summary>A map by text.</summary>
internal sealed record MapType(FieldType Value) : FieldType($"map[string]{Value.GoName}");

/// <summary>Anything.</summary>
internal sealed record AnyType() : FieldType("interface {}");

/// <summary>An object with fields of its own.</summary>
/// <param name="Name">The API's name for it, as <c>ServiceSpec</c>.</param>
/// <param name="IsOpen">Whether fields that are not listed are passed over: only what is used of the kind is listed.</param>
/// <param name="Fields">Its fields by name.</param>
internal sealed record StructType(string Name, bool IsOpen, Dictionary<string, FieldType> Fields) : FieldType($"v1.{Name}")
{
    /// <summary>A type with all its fields.</summary>
    public StructType(string name, params (string Name, FieldType Type)[] fields)
        : this(name, false, fields.ToDictionary(f => f.Name, f => f.Type, StringComparer.Ordinal))
    {
    }

    /// <summary>A type of which only some fields are listed.</summary>
    public static StructType Open(string name, params (string Name, FieldType Type)[] fields) =>
        new(name, true, fields.ToDictionary(f => f.Name, f => f.Type, StringComparer.Ordinal));
}

/// <summary>What a single value must be.</summary>
internal enum ScalarShape
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>true or false.</summary>
    Bool,

    /// <summary>32 bits.</summary>
    Int32,

    /// <summary>64 bits.</summary>
    Int64,

    /// <summary>Text, or 32 bits.</summary>
    IntOrString,

    /// <summary>RFC 3339.</summary>
    Time,
}
