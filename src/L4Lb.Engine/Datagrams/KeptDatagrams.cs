namespace L4Lb.Engine.Datagrams;

/// <summary>
/// Copies of datagrams that await their answer, to be sent again if it cannot come. Buffers are lent in three sizes and
/// used again; their total is bounded, and beyond it nothing is kept. Single-threaded.
/// </summary>
/// <param name="mostBytes">Bytes of all copies together.</param>
internal sealed class KeptDatagrams(int mostBytes)
{
    /// <summary>Age in milliseconds from which nobody waits for the answer any more, or asks again by himself.</summary>
    internal const long LifetimeMs = 4000;

    /// <summary>
    /// Age in milliseconds beyond which a later datagram takes the place of an unanswered one: that may be lost as well as
    /// late, and who sends again, be it the same or something else, waits for the later one.
    /// </summary>
    internal const long FreshMs = 500;

    // A DNS question; what an Ethernet carries; the largest that there is.
    private static readonly int[] s_sizes = [256, 2048, 64 * 1024];

    private const int SparesMost = 64;

    private readonly Stack<byte[]>[] _spares = [.. s_sizes.Select(_ => new Stack<byte[]>())];

    /// <summary>Copies lent.</summary>
    internal int Rented { get; private set; }

    /// <summary>Bytes of their buffers.</summary>
    internal int RentedBytes { get; private set; }

    /// <summary>
    /// Copies <paramref name="datagram"/>, unless one is kept that is hardly older: the first that is unanswered counts.
    /// </summary>
    internal void Keep(ref KeptDatagram kept, in Datagram datagram, long number, long nowMs)
    {
        if (kept.Buffer is not null)
        {
            if (nowMs - kept.ArrivedMs <= FreshMs)
            {
                return;
            }

            Drop(ref kept);
        }

        if (Rent(datagram.Length) is { } buffer)
        {
            datagram.Bytes.CopyTo(buffer);
            kept = new KeptDatagram { Buffer = buffer, Length = datagram.Length, Number = number, ArrivedMs = nowMs };
        }
    }

    /// <summary>Ends what is kept; nothing when there is nothing.</summary>
    internal void Drop(ref KeptDatagram kept)
    {
        if (kept.Buffer is { } buffer)
        {
            kept = default;
            Return(buffer);
        }
    }

    private byte[]? Rent(int length)
    {
        var rank = RankOf(length);
        if (RentedBytes + s_sizes[rank] > mostBytes)
        {
            return null;
        }

        Rented++;
        RentedBytes += s_sizes[rank];
        return _spares[rank].TryPop(out var spare) ? spare : GC.AllocateUninitializedArray<byte>(s_sizes[rank]);
    }

    private void Return(byte[] buffer)
    {
        Rented--;
        RentedBytes -= buffer.Length;
        var spares = _spares[RankOf(buffer.Length)];
        if (spares.Count < SparesMost)
        {
            spares.Push(buffer);
        }
    }

    private static int RankOf(int length) => length <= s_sizes[0] ? 0 : length <= s_sizes[1] ? 1 : 2;
}
