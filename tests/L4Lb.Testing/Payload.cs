namespace L4Lb.Testing;

/// <summary>
/// Bytes that say where they belong: an endless stream, determined by a seed, of which both ends can make any part.
/// Its period is a prime, so nothing that is lost, doubled or exchanged in units of pages or buffers goes unnoticed.
/// </summary>
public sealed class Payload
{
    private const int Period = 1_048_573;

    private readonly byte[] _period = new byte[2 * Period];

    public Payload(int seed)
    {
        new Random(seed).NextBytes(_period.AsSpan(0, Period));
        _period.AsSpan(0, Period).CopyTo(_period.AsSpan(Period));
    }

    /// <summary>The most that <see cref="At"/> gives at once.</summary>
    public static int ChunkMost => Period;

    /// <summary>The <paramref name="length"/> bytes from <paramref name="offset"/>.</summary>
    public ReadOnlyMemory<byte> At(long offset, int length) => _period.AsMemory((int)(offset % Period), length);

    /// <summary>Fails unless <paramref name="bytes"/> are those at <paramref name="offset"/>.</summary>
    public void Check(long offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, Period)];
            var same = part.CommonPrefixLength(At(offset, part.Length).Span);
            if (same < part.Length)
            {
                throw new InvalidDataException($"the stream differs from what was sent at byte {offset + same}");
            }

            offset += part.Length;
            bytes = bytes[part.Length..];
        }
    }
}
