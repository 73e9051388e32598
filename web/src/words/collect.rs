//! Where videos are picked, marked, taken away and shown to others.

super::words! {
    /// Where videos are picked, marked, taken away and shown to others.
    Collect {
        picked_bar: "What was picked", "已选视频";
        picked_n: "{n} picked", "已选 {n} 个";
        pick_all: "Pick all {n}", "全选 {n} 个";
        clear: "Pick none", "取消选择";
        keep: "Keep", "保留";
        reject: "Reject", "淘汰";
        unmark: "No mark", "取消标记";
        kept: "Kept", "已保留";
        rejected: "Rejected", "已淘汰";
        not_marked: "Not marked", "未标记";
        marks: "Mark", "标记";
        any_mark: "Any mark", "任意标记";
        sort: "Order", "排序";
        sort_order: "As selected", "按选择顺序";
        sort_state: "Delivered first", "已交付在前";
        sort_mark: "Kept first", "已保留在前";
        sort_value: "By {name}", "按{name}";
        zip_all: "Download all", "全部下载";
        zip_kept: "Download {n} kept", "下载保留的 {n} 个";
        zip_n: "Download {n}", "下载 {n} 个";
        more_n: "+{n}", "+{n}";
        share: "Share", "分享";
        share_title: "Share links", "分享链接";
        share_hint: "Whoever has the link sees these videos. Prices, members and everything else stay hidden.", "拿到链接的人可以观看这些视频，看不到价格、成员等其他内容。";
        share_what: "What it shows", "分享内容";
        share_batch: "The whole batch", "整个批次";
        share_kept: "Only what is kept", "仅已保留的";
        share_picked: "The {n} picked", "已选的 {n} 个";
        share_chosen: "{n} videos", "{n} 个视频";
        share_prompts: "Show prompts too", "同时显示提示词";
        share_days: "Works for", "有效期";
        days: "{n} days", "{n} 天";
        day: "1 day", "1 天";
        share_make: "Make a link", "生成链接";
        share_made: "The link is shown this once. Copy it now.", "链接只显示这一次，请立即复制。";
        share_none: "No link yet", "还没有链接";
        share_until: "until {date}, opened {n} times", "有效期至 {date}，已打开 {n} 次";
        share_over: "Expired", "已过期";
        share_gone: "Withdrawn", "已撤回";
        share_revoke: "Withdraw", "撤回";
        trail: "History", "记录";
        trail_title: "What was done to this batch", "本批次的操作记录";
        trail_system: "Reelmill", "Reelmill";
        launched: "Launched {n} videos", "启动 {n} 个视频";
        paused: "Paused", "暂停";
        stopped_by_loss: "Paused by the stop-loss", "失败过多，自动暂停";
        resumed: "Resumed", "恢复";
        approved: "Pilot approved", "通过试制";
        declined: "Pilot declined", "不通过试制";
        cancelled: "Cancelled {n} videos", "取消 {n} 个视频";
        closed_overdue: "Closed: nobody decided in time", "无人决定，自动关闭";
        retried: "Retried {n} videos", "重试 {n} 个视频";
        shared: "Shared by a link", "创建分享链接";
        unshared: "Withdrew a link", "撤回分享链接";
        frozen: "{n} frozen", "冻结 {n}";
        released: "{n} given back", "退回 {n}";
        held: "{n} stay frozen", "仍冻结 {n}";
        key_keep: "Keep, reject, no mark", "保留、淘汰、取消标记";
        key_range: "With Shift: from the last one to here", "按住 Shift：从上一个到这里";
    }
}
