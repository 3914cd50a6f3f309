using System.Buffers;

namespace L4Lb.Host.Telemetry;

/// <summary>
/// Text in pieces that are small enough not to be large objects: a scrape of tens of megabytes leaves nothing behind that only
/// a full collection of garbage would find. Written once, then read by all who share it.
/// </summary>
internal sealed class ScrapedText : IBufferWriter<byte>
{
    private const int PieceBytes = 64 * 1024;

    private readonly List<(byte[] Bytes, int Length)> _pieces = [];
    private byte[] _current = [];
    private int _used;

    /// <summary>Length in bytes.</summary>
    public long Length => _pieces.Sum(static piece => (long)piece.Length) + _used;

    /// <inheritdoc/>
    public void Advance(int count) => _used += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_current.Length - _used < Math.Max(sizeHint, 1))
        {
            _pieces.Add((_current, _used));
            (_current, _used) = (new byte[Math.Max(PieceBytes, sizeHint)], 0);
        }

        return _current.AsMemory(_used);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Writes all of it to <paramref name="output"/>.</summary>
    public async Task CopyToAsync(Stream output, CancellationToken cancellation)
    {
        foreach (var (bytes, length) in _pieces)
        {
            await output.WriteAsync(bytes.AsMemory(0, length), cancellation);
        }

        await output.WriteAsync(_current.AsMemory(0, _used), cancellation);
    }
}
