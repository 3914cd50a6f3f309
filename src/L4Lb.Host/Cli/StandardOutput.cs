using System.Text;
using L4Lb.Engine.Interop;

namespace L4Lb.Host.Cli;

/// <summary>
/// Standard output that says so when nobody reads it any more. The framework's own keeps quiet about it, so that who goes on with
/// what changes would do so for nobody.
/// </summary>
/// <param name="inner">Where it goes.</param>
/// <param name="isGone">Whether nobody is at the other end.</param>
internal sealed class StandardOutput(Stream inner, Func<bool> isGone) : Stream
{
    private const int Descriptor = 1; // STDOUT_FILENO

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool IsQuiet { get; set; }

    /// <summary>That of this process, written at once. A terminal tells by a signal: it is left to the framework.</summary>
    public static TextWriter Open()
    {
        if (!Console.IsOutputRedirected)
        {
            return Console.Out;
        }

        var output = new StandardOutput(Console.OpenStandardOutput(), static () => OtherEnd.IsGone(Descriptor))
        {
            IsQuiet = true,
        };
        var writer = new StreamWriter(output, new UTF8Encoding(false)) { AutoFlush = true };
        output.IsQuiet = false; // The writer has flushed once, and there is nobody yet to whom it could be said.
        return TextWriter.Synchronized(writer);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

    /// <inheritdoc/>
    /// <exception cref="ReaderGoneException">Nobody reads any more.</exception>
    public override void Flush()
    {
        inner.Flush();
        if (!IsQuiet && isGone())
        {
            throw new ReaderGoneException();
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>Nobody reads what a command prints any more: there is nothing left to do, and nothing wrong.</summary>
internal sealed class ReaderGoneException : Exception;
