using System.Reflection;
using System.Text.RegularExpressions;
using L4Lb.Host.Logging;
using L4Lb.Testing;
using Microsoft.Extensions.Logging;

namespace L4Lb.Host.Tests.Logging;

/// <summary>Holds the table of docs/operations/log.md to the messages of the program.</summary>
public sealed partial class DocumentedMessagesTests
{
    private static readonly List<LoggerMessageAttribute> s_messages =
    [
        .. typeof(HostLog).Assembly.GetTypes()
            .SelectMany(static t => t.GetMethods(
                BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(static m => m.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
            .OrderBy(static m => m.EventId),
    ];

    private static readonly List<GroupCollection> s_rows =
        [.. Row().Matches(File.ReadAllText(Path.Combine(RepositoryFolder.Root, "docs/operations/log.md"))).Select(static m => m.Groups)];

    [Fact]
    public void Each_number_is_one_messages()
    {
        Assert.True(s_messages.Count > 40);
        Assert.Equal(s_messages.Select(static m => m.EventId).Distinct(), s_messages.Select(static m => m.EventId));
    }

    [Fact]
    public void The_table_has_the_messages_by_their_numbers() => Assert.Equal(
        s_messages.Select(static m => $"{m.EventId} {m.Message}"),
        s_rows.Select(static r => $"{r["id"].Value} {r["message"].Value}"));

    [Fact]
    public void The_table_has_their_levels() => Assert.All(s_messages.Zip(s_rows), static pair =>
    {
        var (message, row) = pair;
        var levels = row["level"].Value.Split(" or ").Select(Parse).ToList();
        if (message.Level == LogLevel.None)
        {
            Assert.True(levels.Count > 1, $"{message.EventId} has more than one level");
        }
        else
        {
            Assert.Equal([message.Level], levels);
        }
    });

    [Fact]
    public void It_says_what_to_do() => Assert.All(s_rows, static row => Assert.NotEmpty(row["what"].Value.Trim()));

    private static LogLevel Parse(string name) => Enum.Parse<LogLevel>(name, ignoreCase: true);

    [GeneratedRegex(
        @"^\| (?<id>\d+) \| (?<level>[a-z ]+) \| `(?<message>[^`]+)` \| (?<what>[^|]*) \|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
