//! What a person and a workspace decide for themselves: limits, statements, sessions, invitations.

super::words! {
    /// What a person and a workspace decide for themselves.
    Own {
        spend: "Spend", "消费";
        spend_note: "Charged credits by day, in {zone}.", "按日统计已扣积分，时区 {zone}。";
        spend_days: "Period", "时段";
        last_days: "{n} days", "{n} 天";
        spend_total: "credits for {n} videos", "积分，共 {n} 个视频";
        spend_peak: "Credits by day; most on {date}: {n}", "每日积分，最高 {date}：{n}";
        by_day: "By day", "按日";
        by_model: "By model", "按模型";
        by_template: "By template", "按模板";
        day: "Day", "日期";
        model: "Model", "模型";
        template: "Template", "模板";
        charged: "Credits", "积分";
        delivered: "Videos", "视频";
        as_table: "Days as a table", "按日查看表格";
        nothing_spent: "Nothing was charged in this period", "这段时间没有扣费";
        untitled: "Deleted template", "已删除的模板";

        statement: "Download statement (CSV)", "下载对账单（CSV）";
        statement_made: "The statement is being downloaded", "对账单开始下载";
        from: "From", "起";
        to: "To", "止";

        limits: "Limits and alert", "限额与提醒";
        limits_note: "Days and months begin at midnight UTC. What is given back may be spent again.", "每日与每月按 UTC 零点起算，退回的积分可以再次使用。";
        limit_day: "Most credits a day", "每日上限";
        limit_month: "Most credits a month", "每月上限";
        limit_low: "Alert below", "余额低于此数时提醒";
        no_limit: "no limit", "不限";
        used: "{n} used", "已用 {n}";
        limits_saved: "Limits saved", "限额已保存";

        voucher: "Voucher", "兑换码";
        voucher_code: "Code", "兑换码";
        redeem: "Redeem", "兑换";
        redeemed: "{n} credits added", "已入账 {n} 积分";

        sessions: "Where you are signed in", "登录的设备";
        this_one: "This device", "本机";
        seen: "last seen {time}", "最近使用 {time}";
        signed_in: "signed in {time}", "{time} 登录";
        end: "Sign out", "退出";
        end_others: "Sign out everywhere else", "退出其他所有设备";
        ended: "Signed out there", "已退出该设备";
        ended_all: "Signed out on {n} other devices", "已退出其他 {n} 个设备";

        invitations: "Open invitations", "未接受的邀请";
        invited_until: "until {time}", "{time} 前有效";
        take_back: "Take back", "撤回";
        taken_back: "Invitation taken back", "邀请已撤回";
        no_invitation: "This invitation cannot be used", "此邀请无法使用";
        invited_to: "You are invited to {name}", "邀请你加入 {name}";
        invited_as: "As {role}, for {email}", "以{role}身份加入，受邀邮箱 {email}";
        accept: "Join", "加入";
        other_account: "You are signed in as {email}. This invitation is for somebody else.", "当前登录的是 {email}，此邀请发给了另一个邮箱。";
        sign_in_first: "This address has an account. Sign in to join.", "该邮箱已有账户，请先登录再加入。";
        joined: "Welcome to {name}", "已加入 {name}";
    }
}
