namespace L4Lb.Dns.Wire;

/// <summary>Finds names by their bytes on the wire, so that a question need not become an object.</summary>
internal sealed class DnsNameComparer : IEqualityComparer<DnsName>, IAlternateEqualityComparer<ReadOnlySpan<byte>, DnsName>
{
    internal static DnsNameComparer Instance { get; } = new();

    public bool Equals(DnsName? x, DnsName? y) => x is null ? y is null : x.Equals(y);

    public int GetHashCode(DnsName obj) => Hash(obj.Wire);

    public bool Equals(ReadOnlySpan<byte> alternate, DnsName other) => alternate.SequenceEqual(other.Wire);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => Hash(alternate);

    public DnsName Create(ReadOnlySpan<byte> alternate) => DnsName.FromWire(alternate);

    /// <summary>With a secret of the process, so that nobody can choose names that collide.</summary>
    internal static int Hash(ReadOnlySpan<byte> wire)
    {
        var hash = default(HashCode);
        hash.AddBytes(wire);
        return hash.ToHashCode();
    }
}
