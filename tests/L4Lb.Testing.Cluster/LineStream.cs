namespace L4Lb.Testing.Cluster;

/// <summary>Hands on what is written to it a line at a time.</summary>
internal sealed class LineStream(Func<byte[], Task> line, Func<CancellationToken, Task> flush) : Stream
{
    private readonly List<byte> _partial = [];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < buffer.Length; i++)
        {
            _partial.Add(buffer.Span[i]);
            if (buffer.Span[i] == '\n')
                await EndAsync();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Hands on the last line, which nothing ended.</summary>
    public async Task EndAsync()
    {
        var whole = _partial.ToArray();
        _partial.Clear();
        if (whole.Length > 0)
            await line(whole);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => flush(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
