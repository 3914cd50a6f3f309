namespace L4Lb.Host.Cli;

/// <summary>A terminal with somebody at it.</summary>
internal interface ITerminal
{
    /// <summary>Columns and lines.</summary>
    (int Columns, int Lines) Size { get; }

    /// <summary>Whether it shows colours.</summary>
    bool HasColors { get; }

    /// <summary>Whether it hung up: nobody sees what is written, and no key will come.</summary>
    bool IsGone { get; }

    /// <summary>Writes text with its control sequences.</summary>
    void Write(string text);

    /// <summary>A line that was typed; null at the end.</summary>
    string? ReadLine();

    /// <summary>A key that was pressed; null when none was.</summary>
    ConsoleKeyInfo? ReadKey();
}
