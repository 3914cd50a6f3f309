using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace L4Lb.Dns.Wire;

/// <summary>
/// A domain name from the root down, in lower case: names that differ in case alone are the same (RFC 4343). Immutable.
/// </summary>
public sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>Most bytes of a name on the wire, the root's zero included (RFC 1035 §2.3.4).</summary>
    public const int WireBytesMax = 255;

    /// <summary>Most bytes of a label (RFC 1035 §2.3.4).</summary>
    public const int LabelBytesMax = 63;

    private readonly byte[] _wire;

    private DnsName(byte[] wire) => _wire = wire;

    /// <summary>The name of the root.</summary>
    public static DnsName Root { get; } = new([0]);

    /// <summary>Its labels as on the wire: each after its length, the root's zero at the end.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    /// <summary>A name of text, with or without the dot of the root.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static DnsName Parse(string text) => Read(text, out var name) is { } problem ? throw new FormatException(problem) : name!;

    /// <summary>A name of text; false when it is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DnsName? name) => Read(text, out name) is null;

    /// <summary>The name on the wire in <paramref name="wire"/>, which must be lower case and complete.</summary>
    internal static DnsName FromWire(ReadOnlySpan<byte> wire) => new(wire.ToArray());

    /// <summary>The name of <paramref name="label"/> right under this one.</summary>
    /// <exception cref="FormatException">The label or the whole is empty or too long.</exception>
    public DnsName Child(string label)
    {
        var bytes = Encoding.UTF8.GetBytes(label.ToLowerInvariant());
        if (bytes.Length is 0 or > LabelBytesMax || bytes.Length + 1 + _wire.Length > WireBytesMax)
        {
            throw new FormatException($"\"{label}\" cannot be a label under {this}: a label has 1…{LabelBytesMax} bytes, a name at most {WireBytesMax}");
        }

        return new([(byte)bytes.Length, .. bytes, .. _wire]);
    }

    /// <summary>The name that this is right under; null for the root.</summary>
    public DnsName? Parent => _wire[0] == 0 ? null : new(_wire[(_wire[0] + 1)..]);

    /// <summary>Whether it is <paramref name="ancestor"/> or under it.</summary>
    public bool IsIn(DnsName ancestor)
    {
        for (var at = 0; ; at += _wire[at] + 1)
        {
            if (_wire.AsSpan(at).SequenceEqual(ancestor._wire))
            {
                return true;
            }

            if (_wire[at] == 0)
            {
                return false;
            }
        }
    }

    /// <inheritdoc/>
    public bool Equals(DnsName? other) => other is not null && _wire.AsSpan().SequenceEqual(other._wire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsName);

    /// <inheritdoc/>
    public override int GetHashCode() => DnsNameComparer.Hash(_wire);

    /// <summary>As in zone files, with the dot of the root (RFC 1035 §5.1).</summary>
    public override string ToString() => Print(_wire);

    /// <summary>A complete name on the wire, as in zone files.</summary>
    internal static string Print(ReadOnlySpan<byte> wire)
    {
        var text = new StringBuilder();
        for (var at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            foreach (var b in wire.Slice(at + 1, wire[at]))
            {
                _ = b is (byte)'.' or (byte)'\\' ? text.Append('\\').Append((char)b)
                    : b is > 32 and < 127 ? text.Append((char)b)
                    : text.Append(CultureInfo.InvariantCulture, $"\\{b:D3}");
            }

            text.Append('.');
        }

        return text.Length == 0 ? "." : text.ToString();
    }

    private static string? Read(string text, out DnsName? name)
    {
        name = null;
        var labels = (text.EndsWith('.') ? text[..^1] : text).Split('.');
        if (text is "" or ".")
        {
            name = text == "." ? Root : null;
            return name is null ? "an empty text is no domain name" : null;
        }

        var wire = new List<byte>(text.Length + 2);
        foreach (var label in labels)
        {
            var bytes = Encoding.UTF8.GetBytes(label.ToLowerInvariant());
            if (bytes.Length is 0 or > LabelBytesMax)
            {
                return $"\"{text}\" is no domain name: {(bytes.Length == 0 ? "a label is empty" : $"the label {label} has more than {LabelBytesMax} bytes")}";
            }

            wire.Add((byte)bytes.Length);
            wire.AddRange(bytes);
        }

        wire.Add(0);
        name = wire.Count <= WireBytesMax ? new([.. wire]) : null;
        return name is null ? $"\"{text}\" is no domain name: it has more than {WireBytesMax} bytes" : null;
    }
}
