using System.Collections.Concurrent;
using System.Text;
using L4Lb.Host.Cli;

namespace L4Lb.Host.Tests.Client;

/// <summary>A terminal at which the test sits.</summary>
internal sealed class FakeTerminal(params IEnumerable<string> lines) : ITerminal
{
    private readonly Queue<string> _lines = new(lines);
    private readonly StringBuilder _written = new();

    public ConcurrentQueue<ConsoleKeyInfo> Keys { get; } = new();

    public (int Columns, int Lines) Size { get; set; } = (80, 24);

    public bool HasColors => false;

    public bool IsGone { get; set; }

    public string Written
    {
        get
        {
            lock (_written)
            {
                return _written.ToString();
            }
        }
    }

    public void Press(char key) => Keys.Enqueue(new ConsoleKeyInfo(key, default, false, false, false));

    public void Write(string text)
    {
        lock (_written)
        {
            _written.Append(text);
        }
    }

    public string? ReadLine() => _lines.TryDequeue(out var line) ? line : null;

    public ConsoleKeyInfo? ReadKey() => Keys.TryDequeue(out var key) ? key : null;
}
