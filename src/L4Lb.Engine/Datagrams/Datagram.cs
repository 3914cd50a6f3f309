namespace L4Lb.Engine.Datagrams;

/// <summary>
/// A datagram's bytes where they were received, or those of several in a row of one size, as UDP GRO delivers them and
/// GSO sends them. Valid only as long as whoever received it says.
/// </summary>
/// <param name="data">The bytes.</param>
/// <param name="length">Number of bytes of all of them; 0 for one empty datagram.</param>
/// <param name="segment">Bytes of each but the last, which may be shorter; <paramref name="length"/> for a single one.</param>
internal readonly unsafe struct Datagram(byte* data, int length, int segment)
{
    /// <summary>A single one.</summary>
    internal Datagram(byte* data, int length)
        : this(data, length, length)
    {
    }

    internal byte* Data { get; } = data;

    /// <summary>Bytes of all of them.</summary>
    internal int Length { get; } = length;

    /// <summary>Bytes of each but the last.</summary>
    internal int Segment { get; } = segment;

    /// <summary>Number of datagrams.</summary>
    internal int Count => Length <= Segment ? 1 : (Length + Segment - 1) / Segment;

    /// <summary>The first of them.</summary>
    internal Datagram First => new(Data, Math.Min(Length, Segment));

    /// <summary>Those behind the first <paramref name="count"/>, which are fewer than all.</summary>
    internal Datagram Skip(int count)
    {
        var skipped = count * Segment;
        return new(Data + skipped, Length - skipped, Math.Min(Segment, Length - skipped));
    }

    internal ReadOnlySpan<byte> Bytes => new(Data, Length);

    /// <summary>Each by itself.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks over the datagrams of one.</summary>
    internal struct Enumerator(Datagram all)
    {
        private readonly Datagram _all = all;
        private int _next;
        private bool _begun;

        /// <summary>The datagram at hand.</summary>
        public Datagram Current { get; private set; }

        /// <summary>Goes on; an empty datagram is one, too.</summary>
        public bool MoveNext()
        {
            if (_begun && _next >= _all.Length)
            {
                return false;
            }

            var length = Math.Min(_all.Segment, _all.Length - _next);
            Current = new Datagram(_all.Data + _next, length);
            _next += length;
            _begun = true;
            return true;
        }
    }
}
