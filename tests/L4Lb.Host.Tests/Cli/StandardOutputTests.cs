using L4Lb.Host.Cli;

namespace L4Lb.Host.Tests.Cli;

public sealed class StandardOutputTests
{
    [Fact]
    public void What_is_written_arrives_until_nobody_reads()
    {
        var (isGone, target) = (false, new MemoryStream());
        using var output = new StreamWriter(new StandardOutput(target, () => isGone)) { AutoFlush = true };
        output.WriteLine("one");

        isGone = true;

        Assert.Throws<ReaderGoneException>(output.Flush);
        Assert.Equal("one", System.Text.Encoding.UTF8.GetString(target.ToArray()).Trim());
        isGone = false; // Disposing flushes.
    }
}
